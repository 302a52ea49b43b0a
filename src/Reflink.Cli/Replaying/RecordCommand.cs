using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Reflink.Studies.Traces;
using Reflink.Units;

namespace Reflink.Cli.Replaying;

/// <summary>Runs a command under strace, and keeps what it read and wrote, or under perf, and keeps its page faults.</summary>
internal sealed class RecordCommand : Command, IHasExamples
{
    // How often it is seen whether a signal waits for a command that strace has not started yet.
    private const int PollMilliseconds = 50;

    private readonly Option<string?> _output = OptionKinds.Target("--output", "Where the trace goes; reflink.strace, or reflink.perf with --mapped, if nothing is said", "FILE");
    private readonly Option<bool> _mapped = new("--mapped") { Description = "Record the page faults of the command by perf trace instead: what it uses of files through mappings" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the trace if it is there already" };
    private readonly Argument<string[]> _command = new("COMMAND") { Description = "The command and its arguments, behind --", Arity = ArgumentArity.OneOrMore };

    public RecordCommand()
        : base("record", "Runs a command under strace and writes what it reads and writes of files as a trace for 'reflink replay'. What goes through mappings is recorded by --mapped instead, and what goes through io_uring is not seen; 'reflink trace' says how much that is. Signals are passed on to the command, and its exit status is passed on by this one.")
    {
        Options.Add(_output);
        Options.Add(_mapped);
        Options.Add(_force);
        Arguments.Add(_command);
        _command.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: 0 }, ..])
            {
                result.AddError("COMMAND takes the name of a command, not nothing");
            }
            else if (result.Tokens is [{ Value: ['-', ..] option }, ..])
            {
                result.AddError($"there is no option '{option}'; the command to record stands behind --");
            }
        });
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink record -- grep -r license /usr/share/doc", "writes reflink.strace"),
        ("reflink record --mapped --output python.perf -- python3 -c pass", "the page faults of a command, for reflink replay --machine --mapped"),
        ("reflink record --output make.strace -- make -j4", "a command with children"),
    ];

    private int Run(ParseResult line)
    {
        var isMapped = line.GetValue(_mapped);
        var output = line.GetValue(_output) ?? (isMapped ? "reflink.perf" : "reflink.strace");
        if (!line.GetValue(_force) && new FileInfo(output) is { Exists: true, Length: > 0 })
        {
            throw new ReflinkException(Errno.EEXIST, $"'{output}' is there already; name another file with --output, or replace it with --force");
        }

        var command = line.GetValue(_command)!;
        return isMapped ? RecordFaults(output, command) : Record(output, command);
    }

    private static int RecordFaults(string output, string[] command)
    {
        using var recorder = new FaultRecorder(output, command);
        Run(recorder.Start, "perf", "linux-perf", generations: 2);
        return Say(command, recorder.Finish(), output, $"reflink replay {output} --machine --mapped --memory 64MiB");
    }

    private static int Record(string output, string[] command)
    {
        var start = new ProcessStartInfo("strace");
        foreach (var argument in (string[])["-f", "-y", "-s", "0", "-e", $"trace={string.Join(',', TraceFormats.RecordedCalls)}", "-e", "signal=none", "-o", output, "--", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        var code = Run(start, "strace", "strace", generations: 1);
        if (!File.Exists(output) || new FileInfo(output).Length == 0)
        {
            throw new ReflinkException(Errno.EIO, $"strace recorded nothing of '{string.Join(' ', command)}' and ended with {code}; what it says stands above");
        }

        return Say(command, code, output, $"reflink replay {output} --curve 20");
    }

    private static int Say(string[] command, int code, string output, string next)
    {
        Console.Error.WriteLine($"reflink: '{command[0]}' ended with {code}; its trace is '{output}': {next}");
        return code;
    }

    private static int Run(ProcessStartInfo start, string program, string package, int generations)
    {
        using var relay = new SignalRelay();
        using var tracer = Start(start, program, package);
        while (!tracer.WaitForExit(PollMilliseconds))
        {
            relay.PassOn(tracer.Id, generations);
        }

        return tracer.ExitCode;
    }

    private static Process Start(ProcessStartInfo start, string program, string package)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ReflinkException(Errno.ENOENT, $"recording needs {program}, which is not here ({e.Message}); install it, such as with apt-get install {package}", e);
        }
    }
}

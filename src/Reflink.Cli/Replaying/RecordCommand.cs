using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Reflink.Studies.Traces;
using Reflink.Units;

namespace Reflink.Cli.Replaying;

/// <summary>Runs a command under strace, and keeps what it read and wrote.</summary>
internal sealed class RecordCommand : Command, IHasExamples
{
    // How often it is seen whether a signal waits for a command that strace has not started yet.
    private const int PollMilliseconds = 50;

    private readonly Option<string?> _output = OptionKinds.Target("--output", "Where the trace goes; reflink.strace if nothing is said", "FILE");
    private readonly Option<bool> _force = new("--force") { Description = "Replace the trace if it is there already" };
    private readonly Argument<string[]> _command = new("COMMAND") { Description = "The command and its arguments, behind --", Arity = ArgumentArity.OneOrMore };

    public RecordCommand()
        : base("record", "Runs a command under strace and writes what it reads and writes of files as a trace for 'reflink replay'. What goes through mappings and io_uring is not seen; 'reflink trace' says how much that is. Signals are passed on to the command, and its exit status is passed on by this one.")
    {
        Options.Add(_output);
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
        ("reflink record --output make.strace -- make -j4", "a command with children"),
    ];

    private int Run(ParseResult line)
    {
        var output = line.GetValue(_output) ?? "reflink.strace";
        if (!line.GetValue(_force) && new FileInfo(output) is { Exists: true, Length: > 0 })
        {
            throw new ReflinkException(Errno.EEXIST, $"'{output}' is there already; name another file with --output, or replace it with --force");
        }

        return Record(output, line.GetValue(_command)!);
    }

    private static int Record(string output, string[] command)
    {
        var start = new ProcessStartInfo("strace");
        foreach (var argument in (string[])["-f", "-y", "-s", "0", "-e", $"trace={string.Join(',', TraceFormats.RecordedCalls)}", "-e", "signal=none", "-o", output, "--", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        using var relay = new SignalRelay();
        using var strace = Start(start);
        while (!strace.WaitForExit(PollMilliseconds))
        {
            relay.PassOn(strace.Id);
        }

        if (!File.Exists(output) || new FileInfo(output).Length == 0)
        {
            throw new ReflinkException(Errno.EIO, $"strace recorded nothing of '{string.Join(' ', command)}' and ended with {strace.ExitCode}; what it says stands above");
        }

        Console.Error.WriteLine($"reflink: '{command[0]}' ended with {strace.ExitCode}; its trace is '{output}': reflink replay {output} --curve 20");
        return strace.ExitCode;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ReflinkException(Errno.ENOENT, $"recording needs strace, which is not here ({e.Message}); install it, such as with apt-get install strace", e);
        }
    }
}

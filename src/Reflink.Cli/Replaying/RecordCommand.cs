using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Reflink.Units;

namespace Reflink.Cli.Replaying;

/// <summary>Runs a command under strace, and keeps what it read and wrote.</summary>
internal sealed class RecordCommand : Command, IHasExamples
{
    private const string Calls = "open,openat,creat,read,readv,pread64,write,writev,pwrite64,lseek,mmap";

    private readonly Option<string?> _output = OptionKinds.Path("--output", "Where the trace goes");
    private readonly Argument<string[]> _command = new("COMMAND") { Description = "The command and its arguments, behind --", Arity = ArgumentArity.OneOrMore };

    public RecordCommand()
        : base("record", "Runs a command under strace and writes what it reads and writes of files as a trace for 'reflink replay'. What it reads through mappings is not seen.")
    {
        Options.Add(_output);
        Arguments.Add(_command);
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
        using var interruption = new Interruption();
        return interruption.Guard(() => Record(output, line.GetValue(_command)!, interruption.Token));
    }

    // strace gets the terminal's Ctrl-C as well, and ends with its command.
    private static int Record(string output, string[] command, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("strace");
        foreach (var argument in (string[])["-f", "-y", "-s", "0", "-e", $"trace={Calls}", "-e", "signal=none", "-o", output, "--", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        using var strace = Start(start);
        strace.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (!File.Exists(output) || new FileInfo(output).Length == 0)
        {
            throw new ReflinkException(Errno.EIO, $"strace recorded nothing of '{string.Join(' ', command)}' and ended with {strace.ExitCode}; what it says stands above");
        }

        Console.Error.WriteLine($"reflink: '{command[0]}' ended with {strace.ExitCode}; its trace is '{output}': reflink replay {output} --curve 20");
        return ExitCode.Success;
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

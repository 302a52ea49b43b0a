using System.Globalization;
using System.Runtime.InteropServices;

namespace Reflink.Cli.Replaying;

/// <summary>
/// Passes signals that ask this command to end on to a command that it runs for the user, which decides what they mean. strace, between the
/// two, holds them back from itself: they go to its child.
/// </summary>
internal sealed partial class SignalRelay : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] s_passed = [(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGQUIT, 3), (PosixSignal.SIGTERM, 15)];

    private readonly Queue<int> _waiting = [];
    private readonly PosixSignalRegistration[] _signals;

    public SignalRelay() => _signals = [.. s_passed.Select(s => PosixSignalRegistration.Create(s.Signal, context => Take(context, s.Number)))];

    /// <summary>Passes on what came, if the tracer has its child by now; otherwise it waits for the next time.</summary>
    /// <param name="tracer">The process of strace or perf.</param>
    /// <param name="generations">How many generations below it the command is: 1, or 2 if a shell starts it.</param>
    public void PassOn(int tracer, int generations)
    {
        lock (_waiting)
        {
            if (_waiting.Count > 0 && Descendant(tracer, generations) is { } child)
            {
                while (_waiting.TryDequeue(out var signal))
                {
                    _ = kill(child, signal);
                }
            }
        }
    }

    public void Dispose() => Array.ForEach(_signals, s => s.Dispose());

    // The keys of a terminal reach every process in front of it, so the command has had them.
    private void Take(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        if (context.Signal is PosixSignal.SIGTERM or PosixSignal.SIGHUP || !IsInFront())
        {
            lock (_waiting)
            {
                _waiting.Enqueue(number);
            }
        }
    }

    private static int? Descendant(int process, int generations) =>
        generations == 0 ? process : Child(process) is { } child ? Descendant(child, generations - 1) : null;

    private static int? Child(int tracer)
    {
        try
        {
            var children = File.ReadAllText($"/proc/{tracer}/task/{tracer}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Length == 0 ? null : int.Parse(children[^1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Behind the name in brackets: state, parent, group, session, terminal, and the group in front of the terminal.
    private static bool IsInFront()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[2] == fields[5];
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}

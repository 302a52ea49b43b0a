using System.Runtime.InteropServices;

namespace Reflink.Cli;

/// <summary>
/// Ctrl-C asks the work to stop, so that it can clean up; a second Ctrl-C kills. Work that does not stop, because it waits for a
/// pipe or a disk, is ended when its time is over.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _cancel = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _code = ExitCode.Interrupted;
    private Timer? _end;

    public Interruption()
    {
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, s => Stop(s, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => Stop(s, ExitCode.Terminated)),
        ];
    }

    public CancellationToken Token => _cancel.Token;

    /// <summary>What becomes of the work that is stopped, for the message.</summary>
    public string Outcome { get; set; } = "there is no result";

    /// <summary>Does work that ends early when it is asked to.</summary>
    public int Guard(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            return Tell(_code);
        }
    }

    public void Dispose()
    {
        Array.ForEach(_signals, s => s.Dispose());
        _end?.Dispose();
        _cancel.Dispose();
    }

    private int Tell(int code) => Failures.Print(code, null, $"interrupted; {Outcome}");

    private void Stop(PosixSignalContext signal, int code)
    {
        signal.Cancel = !_cancel.IsCancellationRequested;
        _code = code;
        _end ??= new Timer(
            _ =>
            {
                Environment.Exit(Tell(code));
            },
            null, s_patience, Timeout.InfiniteTimeSpan);
        _cancel.Cancel();
    }
}

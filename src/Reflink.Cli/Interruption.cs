using System.Runtime.InteropServices;

namespace Reflink.Cli;

/// <summary>Ctrl-C asks the work to stop, so that it can clean up; a second Ctrl-C kills.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _code = ExitCode.Interrupted;

    public Interruption()
    {
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, s => Stop(s, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => Stop(s, ExitCode.Terminated)),
        ];
    }

    public CancellationToken Token => _cancel.Token;

    /// <summary>Does work that ends early when it is asked to.</summary>
    public int Guard(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            Failures.Print("interrupted; there is no result");
            return _code;
        }
    }

    public void Dispose()
    {
        Array.ForEach(_signals, s => s.Dispose());
        _cancel.Dispose();
    }

    private void Stop(PosixSignalContext signal, int code)
    {
        signal.Cancel = !_cancel.IsCancellationRequested;
        _code = code;
        _cancel.Cancel();
    }
}

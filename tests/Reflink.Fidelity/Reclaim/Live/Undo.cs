using System.Runtime.InteropServices;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>
/// What has to be put back: actions that run in reverse order on every way out that a process can see, which are disposal, its end, and
/// the signals that end it.
/// </summary>
internal sealed class Undo : IDisposable
{
    private readonly Stack<(string What, Action Act)> _actions = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public Undo()
    {
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, _ => Stop()));
        }
    }

    /// <summary>Whether a signal has ended the work.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Does something and remembers how to put it back.</summary>
    /// <param name="what">What is put back, for the message if that fails.</param>
    /// <param name="act">What is done.</param>
    /// <param name="back">What puts it back.</param>
    public T Do<T>(string what, Func<T> act, Action<T> back)
    {
        // The lock keeps a signal from coming between.
        lock (_actions)
        {
            if (Stopped)
            {
                throw new OperationCanceledException("stopped by a signal");
            }

            var made = act();
            _actions.Push((what, () => back(made)));
            return made;
        }
    }

    /// <summary>How much is remembered: give it to <see cref="Back"/>.</summary>
    public int Mark()
    {
        lock (_actions)
        {
            return _actions.Count;
        }
    }

    /// <summary>Puts back all that was done since a mark.</summary>
    public void Back(int mark)
    {
        lock (_actions)
        {
            while (_actions.Count > mark)
            {
                var (what, act) = _actions.Pop();
                try
                {
                    act();
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
                {
                    Console.Error.WriteLine($"left behind: {what}: {e.Message}");
                }
            }
        }
    }

    public void Dispose()
    {
        Back(0);
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _signals.ForEach(signal => signal.Dispose());
    }

    private void OnExit(object? sender, EventArgs e) => Stop();

    private void Stop()
    {
        lock (_actions)
        {
            Stopped = true;
            Back(0);
        }
    }
}

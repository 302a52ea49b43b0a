namespace Reflink.Cluster.Grains;

/// <summary>
/// Which runs of a study are done, which a worker has a lease on, and which are left. A lease ends unless its worker renews it; the run is given to another one
/// then. Leases are in memory alone: a queue made anew takes renewals for a while before it gives runs out, so that workers keep what they have.
/// </summary>
internal sealed class RunQueue
{
    /// <summary>Once and two more times: what fails thrice on machines that fail by chance once a day does not fail by chance.</summary>
    public const int MostAttempts = 3;

    /// <summary>How often workers renew. Three renewals fit a lease, so that one that is lost or late costs nothing.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <summary>How long a lease lasts without renewal.</summary>
    public static readonly TimeSpan LeaseTime = 3 * Heartbeat;

    private readonly TimeProvider _time;
    private readonly bool[] _isDone;
    private readonly Dictionary<int, Lease> _leases = [];
    private readonly SortedSet<int> _returned = [];
    private readonly Dictionary<int, int> _attempts;
    private readonly Dictionary<int, HashSet<string>> _refusals = [];
    private readonly DateTimeOffset _opens;
    private int _next;

    /// <summary>Makes a queue.</summary>
    /// <param name="count">Runs that there are.</param>
    /// <param name="attempts">How often each run ended badly that did; kept up to date by the queue.</param>
    /// <param name="time">The clock.</param>
    /// <param name="grace">How long it only takes renewals.</param>
    public RunQueue(int count, Dictionary<int, int> attempts, TimeProvider time, TimeSpan grace) =>
        (_isDone, _attempts, _time, _opens) = (new bool[count], attempts, time, time.GetUtcNow() + grace);

    /// <summary>Runs that there are.</summary>
    public int Count => _isDone.Length;

    /// <summary>Runs that are done.</summary>
    public int DoneCount { get; private set; }

    /// <summary>Runs that workers have.</summary>
    public int LeasedCount => _leases.Count;

    /// <summary>Whether all runs are done.</summary>
    public bool IsDone => DoneCount == _isDone.Length;

    /// <summary>Notes that a run is done, whoever did it; false if it was done before.</summary>
    public bool Done(int run)
    {
        _leases.Remove(run);
        _returned.Remove(run);
        if (_isDone[run])
        {
            return false;
        }

        DoneCount++;
        return _isDone[run] = true;
    }

    /// <summary>Gives runs to a worker, those first that were given before.</summary>
    public IReadOnlyList<int> Take(string worker, int most)
    {
        var taken = new List<int>();
        if (_time.GetUtcNow() < _opens)
        {
            return taken;
        }

        foreach (var run in _returned.Where(run => !IsRefusedBy(worker, run)).Take(most).ToList())
        {
            _returned.Remove(run);
            taken.Add(run);
        }

        for (; _next < _isDone.Length && taken.Count < most; _next++)
        {
            if (!_isDone[_next] && !_leases.ContainsKey(_next) && !_returned.Contains(_next))
            {
                taken.Add(_next);
            }
        }

        taken.ForEach(run => _leases[run] = new Lease(worker, _time.GetUtcNow() + LeaseTime, HasBegun: true));
        return taken;
    }

    /// <summary>Renews the leases of a worker, also those that a former queue gave it.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="running">Runs that it has begun.</param>
    /// <param name="waiting">Runs that it has not begun, so that they are not to blame if it dies.</param>
    /// <returns>Runs that are not its own any more: they are done, or another worker has them.</returns>
    public IReadOnlyList<int> Renew(string worker, IReadOnlyList<int> running, IReadOnlyList<int> waiting)
    {
        var lost = new List<int>();
        foreach (var (run, hasBegun) in running.Select(run => (run, true)).Concat(waiting.Select(run => (run, false))))
        {
            if (_isDone[run] || (_leases.TryGetValue(run, out var lease) && lease.Worker != worker))
            {
                lost.Add(run);
            }
            else
            {
                _returned.Remove(run);
                _leases[run] = new Lease(worker, _time.GetUtcNow() + LeaseTime, hasBegun);
            }
        }

        return lost;
    }

    /// <summary>Takes a run back that a worker has not done, without blame.</summary>
    public void GiveBack(string worker, int run)
    {
        if (_leases.TryGetValue(run, out var lease) && lease.Worker == worker)
        {
            _leases.Remove(run);
            _returned.Add(run);
        }
    }

    /// <summary>Takes a run back that a worker cannot do, such as for want of memory: only others get it.</summary>
    public void Refuse(string worker, int run)
    {
        GiveBack(worker, run);
        if (!_refusals.TryGetValue(run, out var workers))
        {
            _refusals.Add(run, workers = []);
        }

        workers.Add(worker);
    }

    /// <summary>Takes a run back that ended badly; true if it is not tried again.</summary>
    public bool Fail(string worker, int run)
    {
        if (!_leases.TryGetValue(run, out var lease) || lease.Worker != worker)
        {
            return false;
        }

        GiveBack(worker, run);
        return Blame(run);
    }

    /// <summary>Takes runs back whose leases have ended.</summary>
    /// <returns>The runs with their workers, and whether they are not tried again.</returns>
    public IReadOnlyList<(int Run, string Worker, bool IsPoisoned)> Expire()
    {
        var now = _time.GetUtcNow();
        var expired = new List<(int, string, bool)>();
        foreach (var (run, lease) in _leases.Where(l => l.Value.Ends <= now).OrderBy(l => l.Key).ToList())
        {
            GiveBack(lease.Worker, run);
            expired.Add((run, lease.Worker, lease.HasBegun && Blame(run)));
        }

        return expired;
    }

    private bool IsRefusedBy(string worker, int run) => _refusals.TryGetValue(run, out var workers) && workers.Contains(worker);

    private bool Blame(int run) => (_attempts[run] = _attempts.GetValueOrDefault(run) + 1) >= MostAttempts;

    private sealed record Lease(string Worker, DateTimeOffset Ends, bool HasBegun);
}

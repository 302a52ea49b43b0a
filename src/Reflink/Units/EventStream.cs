namespace Reflink.Units;

/// <summary>
/// What happens in a machine, as it happens, as the kernel's tracepoints tell it (include/trace/events): pages that enter and leave the page cache, faults, reclaim, write-back, merging,
/// processes. Nothing is computed while nobody listens, and an access that finds its page in memory is no event.
/// </summary>
/// <example><code>
/// machine.Events.Listener = e =&gt; Console.WriteLine($"{e.Time} {e.Name} by account {e.Account}");
/// </code></example>
public sealed class EventStream
{
    private readonly Meter _meter;

    // By account: when its last event was.
    private readonly List<long> _last = [];

    internal EventStream(Meter meter) => _meter = meter;

    /// <summary>
    /// Is told of every event, in the middle of the call that causes it: it may read counters, but must not change the machine. An exception that it throws leaves the machine in
    /// no certain state. Null, as at first: nobody is told, and events cost nothing.
    /// </summary>
    public Action<MachineEvent>? Listener { get; set; }

    /// <summary>The machine's clock; null where a meter has none, and then work is the only time.</summary>
    internal IClock? Clock { get; set; }

    /// <summary>How far the processor of the daemon that works now is ahead of the machine's clock, in nanoseconds; negative: how far it is behind.</summary>
    internal long Beside { get; set; }

    /// <summary>Tells the listener of something that the present account did.</summary>
    internal void Emit(string name, params ReadOnlySpan<EventField> fields) =>
        Emit(_meter.Current, (Clock?.Now ?? _meter.Cost) + Beside, name, fields);

    /// <summary>Tells the listener of something that an account did at a time. A daemon has a processor of its own, on which it does one thing after the other.</summary>
    internal void Emit(AccountId account, long time, string name, params ReadOnlySpan<EventField> fields)
    {
        while (_last.Count <= account.Value)
        {
            _last.Add(long.MinValue);
        }

        _last[account.Value] = Math.Max(_last[account.Value], time);
        Listener?.Invoke(new MachineEvent(name, _last[account.Value], account, fields));
    }
}

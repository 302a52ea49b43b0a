namespace Reflink.Units;

/// <summary>Something that just happened in a machine, named after the kernel's tracepoint for it (include/trace/events).</summary>
/// <param name="name">The tracepoint's name.</param>
/// <param name="time">When it happened.</param>
/// <param name="account">Who did it.</param>
/// <param name="fields">What the tracepoint tells.</param>
public readonly ref struct MachineEvent(string name, long time, AccountId account, ReadOnlySpan<EventField> fields)
{
    /// <summary>The name of the kernel's tracepoint, such as <c>mm_filemap_add_to_page_cache</c>.</summary>
    public string Name { get; } = name;

    /// <summary>When it happened, in nanoseconds of the machine's clock. Times never go back within an account.</summary>
    public long Time { get; } = time;

    /// <summary>Who did it: a process, a daemon, or the machine itself (0).</summary>
    public AccountId Account { get; } = account;

    /// <summary>What it tells, in the kernel's order. Valid only while the listener runs.</summary>
    public ReadOnlySpan<EventField> Fields { get; } = fields;
}

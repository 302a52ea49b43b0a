using Reflink.Cache.Policies.Linux;
using Reflink.Studies.Traces;

namespace Reflink.Studies.Replaying;

/// <summary>What a trace is replayed with.</summary>
/// <param name="Path">The trace.</param>
public sealed record ReplayOptions(string Path)
{
    /// <summary>The policy that knows the future.</summary>
    public const string Optimum = "belady";

    /// <summary>The policy that is a kernel's, with its readahead.</summary>
    public const string Kernel = "linux";

    /// <summary>How it is read; its sample scales the sizes as well.</summary>
    public TraceOptions Trace { get; init; } = new();

    /// <summary>Sizes of memory, in pages.</summary>
    public IReadOnlyList<long> Pages { get; init; } = [];

    /// <summary>Policies by name, or <see cref="Optimum"/>.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>The largest window that the policy linux reads ahead, in pages; 0: nothing is read ahead. Linux's default is 128 KiB.</summary>
    public int ReadaheadPages { get; init; } = 32;

    /// <summary>After how many accesses the policy linux flushes its counters (<see cref="LinuxOptions.FlushInterval"/>).</summary>
    public int FlushInterval { get; init; } = new LinuxOptions().FlushInterval;

    /// <summary>Bytes that simulations may take when they are made; this process' by default.</summary>
    public long MostBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Accesses that fill memory and are not counted.</summary>
    public long WarmUp { get; init; }
}

using Reflink.Studies.Traces;

namespace Reflink.Studies.Replaying;

/// <summary>What a trace is replayed with.</summary>
/// <param name="Path">The trace.</param>
public sealed record ReplayOptions(string Path)
{
    /// <summary>The policy that knows the future.</summary>
    public const string Optimum = "belady";

    /// <summary>How it is read; its sample scales the sizes as well.</summary>
    public TraceOptions Trace { get; init; } = new();

    /// <summary>Sizes of memory, in pages.</summary>
    public IReadOnlyList<long> Pages { get; init; } = [];

    /// <summary>Policies by name, or <see cref="Optimum"/>.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Accesses that fill memory and are not counted.</summary>
    public long WarmUp { get; init; }
}

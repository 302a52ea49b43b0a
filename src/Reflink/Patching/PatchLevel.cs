namespace Reflink.Patching;

/// <summary>A patch set that was poked into a mapping: what hangs on the mapping, is inherited by fork and dropped by exec.</summary>
public sealed class PatchLevel
{
    internal PatchLevel(PatchSet set) => Set = set;

    /// <summary>What was poked.</summary>
    public PatchSet Set { get; }

    /// <inheritdoc/>
    public override string ToString() => Set.ToString();
}

using Reflink.Machines;

namespace Reflink.Studies.Merging;

/// <summary>What a study found.</summary>
/// <param name="Tables">The figures; columns are named as in /sys/kernel/mm/ksm where the kernel has them. Nothing is written '-'.</param>
/// <param name="Notes">How to read them.</param>
public sealed record StudyResult(IReadOnlyList<SnapshotTable> Tables, IReadOnlyList<string> Notes)
{
    /// <summary>Columns that a narrow terminal can do without, the least needed first.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}

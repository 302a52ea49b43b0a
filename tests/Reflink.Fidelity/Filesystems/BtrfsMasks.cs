using Reflink.Files;

namespace Reflink.Fidelity.Filesystems;

/// <summary>
/// What Btrfs does otherwise than XFS, and the model after it: the steps of a script that would show it are left out or changed, for
/// both sides alike. README.md has a line for each.
/// </summary>
public static class BtrfsMasks
{
    /// <summary>The script without what Btrfs is known to do otherwise.</summary>
    public static IReadOnlyList<FileOp> Apply(IEnumerable<FileOp> script) => [.. script.SelectMany(Masked)];

    private static IEnumerable<FileOp> Masked(FileOp op) => op.Verb switch
    {
        FileVerb.Fallocate when Lacks(op.Mode) => [],
        FileVerb.Seek when op.Offset < 0 => [],
        FileVerb.Fallocate => [op with { Value = (int)WithoutKeepSize(op.Mode) }],
        FileVerb.Truncate when op.Offset % Page.Size != 0 => [op with { Verb = FileVerb.Write, Offset = op.Offset - 1, Length = 1, Value = 1 }, op],
        _ => [op],
    };

    private static FallocateMode WithoutKeepSize(FallocateMode mode) =>
        (mode & FallocateMode.PunchHole) != 0 ? mode : mode & ~FallocateMode.KeepSize;

    private static bool Lacks(FallocateMode mode) =>
        (mode & (FallocateMode.CollapseRange | FallocateMode.InsertRange | FallocateMode.UnshareRange)) != 0;
}

using Reflink.Fidelity.Filesystems;
using Reflink.Files;

namespace Reflink.Tests.Filesystems;

/// <summary>What Btrfs does otherwise, one by one: without its mask each script differs, with it none.</summary>
public sealed class BtrfsMaskTests
{
    private const int P = Page.Size;

    private static readonly FileOp s_write = new(FileVerb.Write, 0, 0, P + 100, Value: 1);
    private static readonly FileOp s_clone = new(FileVerb.Clone, 1, 0, Other: 0);

    [LiveFact("btrfs")]
    public void It_has_no_collapse_insert_or_unshare()
    {
        Differs(s_write, Fallocate(FallocateMode.CollapseRange, 0, P));
        Differs(s_write, Fallocate(FallocateMode.InsertRange, 0, P));
        Differs(s_write, Fallocate(FallocateMode.UnshareRange, 0, P));
    }

    [LiveFact("btrfs")]
    public void It_takes_a_seek_from_below_0_for_one_from_0() => Differs(s_write, new FileOp(FileVerb.Seek, 0, -1));

    [LiveFact("btrfs")]
    public void It_keeps_the_last_block_shared_when_a_file_is_cut() => Differs(s_write, s_clone, new FileOp(FileVerb.Truncate, 0, P + 50));

    [LiveFact("btrfs")]
    public void It_unshares_the_last_block_when_space_is_kept_behind_it() =>
        Differs(s_write, s_clone, Fallocate(FallocateMode.KeepSize, 4 * P, P));

    private static FileOp Fallocate(FallocateMode mode, long offset, long length) =>
        new(FileVerb.Fallocate, 0, offset, length, Value: (int)mode);

    private static void Differs(params FileOp[] script)
    {
        using var image = LoopImage.TryBtrfs(out var why);
        Assert.True(image is not null, why);
        Assert.NotNull(Find(image, script));
        Assert.Null(Find(image, BtrfsMasks.Apply(script)));
    }

    private static FileDifference? Find(LoopImage image, IReadOnlyList<FileOp> script) =>
        FileDifference.Find(script, 1, () => new ModelFiles(FileScript.Files), () => new LiveFiles(image.Path, FileScript.Files));
}

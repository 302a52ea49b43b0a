using Reflink.Fidelity.Filesystems;

namespace Reflink.Tests.Filesystems;

/// <summary>The volume beside live XFS and Btrfs: a short piece of what <c>Fidelity -- volume</c> plays.</summary>
public sealed class LiveFileTests
{
    private const int Seeds = 4;
    private const int Steps = 250;

    [LiveFact("xfs")]
    public void The_volume_does_what_XFS_does()
    {
        using var image = LoopImage.TryXfs(out var why);
        Assert.True(image is not null, why);
        Play(image, script => script);
    }

    [LiveFact("btrfs")]
    public void The_volume_does_what_Btrfs_does_but_for_the_masks()
    {
        using var image = LoopImage.TryBtrfs(out var why);
        Assert.True(image is not null, why);
        Play(image, BtrfsMasks.Apply);
    }

    [Fact]
    public void Fsck_finds_nothing_after_any_step()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            using var files = new ModelFiles(FileScript.Files);
            foreach (var op in FileScript.Make(seed, Steps))
            {
                _ = files.Do(op);
                Assert.Empty(files.Check());
            }
        }
    }

    private static void Play(LoopImage image, Func<IReadOnlyList<FileOp>, IReadOnlyList<FileOp>> mask)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var difference = FileDifference.Find(
                mask(FileScript.Make(seed, Steps)), 10, () => new ModelFiles(FileScript.Files), () => new LiveFiles(image.Path, FileScript.Files));
            Assert.True(difference is null, $"seed {seed}: {difference}");
        }
    }
}

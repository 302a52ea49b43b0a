using Reflink.Cli.Tests.Made;
using Reflink.Elf;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;

namespace Reflink.Cli.Tests;

/// <summary>Private copies that are merged: frames, counters and peaks, in small.</summary>
public sealed class MergedMechanismTests
{
    private const int Pages = 4;
    private const int Patched = 3;
    private const int Processes = 8;
    private readonly ElfFile _elf = TestElf.Make(0x5000, (0x1000, 0x5000));

    /// <summary>The scanner comes when all have their copies; on request one process after the other has.</summary>
    [Theory]
    [InlineData("private+ksm", 1, Processes * Patched, 2 * Processes * Patched)]
    [InlineData("private+ksm-sync", 1, 2 * Patched, 0)]
    [InlineData("private+ksm-partitioned", 2, 3 * Patched, 0)]
    [InlineData("private+ksm-partitioned/machine", 1, 2 * Patched, 0)]
    public void What_is_merged_and_when(string name, int domains, int peak, int scanned)
    {
        var figures = Run(_elf, Processes, 2, name);

        Assert.Equal((Patched * domains, Patched * (Processes - domains)), (figures.PagesShared, figures.PagesSharing));
        Assert.Equal((Patched * (Processes - domains) * 4096) - (Processes * Patched * 64), figures.GeneralProfit);
        Assert.Equal(Pages + (Patched * domains), figures.TotalFrames);
        Assert.Equal(Pages + peak, figures.PatchPeakFrames);
        Assert.Equal((Processes * Patched, 0), (figures.FramesAfterRevert, figures.FramesAfterExit));
        Assert.Equal(domains == 1 ? Patched : 0, figures.ExposedPairs);
        Assert.Equal(scanned * 2750, figures.DaemonNs);
    }

    [Fact]
    public void One_user_has_one_partition_and_as_many_frames_as_without()
    {
        var (one, all) = (Run(_elf, Processes, 1, "private+ksm-partitioned"), Run(_elf, Processes, 1, "private+ksm"));

        Assert.Equal((all.PatchedFrames, all.PagesShared, all.PagesSharing, all.GeneralProfit), (one.PatchedFrames, one.PagesShared, one.PagesSharing, one.GeneralProfit));
    }

    /// <summary>A merged page has 256 mappings at most.</summary>
    [Theory]
    [InlineData("private+ksm")]
    [InlineData("private+ksm-sync")]
    public void Many_processes_take_a_second_frame(string name) => Assert.Equal(2 * Patched, Run(_elf, 300, 3, name).PatchedFrames);

    /// <summary>Merging goes by bytes: pages 1 and 2 of the file are equal, and patched alike.</summary>
    [Theory]
    [InlineData("private+ksm", 2)]
    [InlineData("text-poke", 3)]
    public void Equal_pages_of_the_file_are_merged(string name, int frames)
    {
        var bytes = _elf.Read(0, (int)_elf.Size).ToArray();
        bytes.AsSpan(0x1000, 0x1000).CopyTo(bytes.AsSpan(0x2000));

        Assert.Equal(frames, Run(ElfFile.FromBytes("twins", bytes), Processes, 2, name).PatchedFrames);
    }

    // A byte of each page but the last.
    private static MechanismFigures Run(ElfFile elf, int processes, int users, string name)
    {
        var builder = new PatchSetBuilder();
        for (var offset = 0x1234; offset < 0x4000; offset += 0x1000)
        {
            builder.Add(offset, elf.Read(offset, 1), [(byte)(elf.Read(offset, 1)[0] ^ 0xff)]);
        }

        var result = new PatchComparison(new ComparisonPlan(elf, builder.Build(), processes, users), [MechanismCatalog.Find(name)]).Run();
        result.RequireAgreement();
        return result.Mechanisms[0];
    }
}

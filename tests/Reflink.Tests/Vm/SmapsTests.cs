using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Memory as /proc/pid/smaps adds it up.</summary>
public sealed class SmapsTests : Machinery
{
    [Fact]
    public void A_page_of_three_processes_counts_a_third_for_each()
    {
        var at = Memory.Map(File, 0, 4 * Size, Protection.ReadWrite);
        Process[] all = [Process, Spawn(), Spawn()];
        Load(at);
        foreach (var other in all[1..])
        {
            Load(other, other.Memory.Map(File, 0, 4 * Size, Protection.ReadWrite));
        }

        Machine.Cache.Dirty.CleanAll();
        var smaps = Machine.Smaps();
        Assert.All(all, process =>
        {
            var entry = smaps.Of(process, process.Memory.Mappings[0]);
            Assert.Equal((Size, (decimal)Size / 3, 1), (entry.Rss, entry.Pss, entry.PssKiB));
            Assert.Equal((Size, 0, 0), (entry.SharedClean, entry.SharedDirty, entry.Uss));
        });
    }

    [Fact]
    public void A_page_is_referenced_until_its_accessed_bit_is_cleared_and_again_when_it_is_used()
    {
        var at = Memory.Map(File, 0, 4 * Size, Protection.Read);
        Load(at);
        Load(at + Size);
        Load(at + (2 * Size));
        Assert.Equal(3 * Size, Machine.Smaps().Of(Process).Referenced);
        foreach (var (_, frame) in Memory.Present(Memory.Mappings[0]).ToList())
        {
            Machine.Cache.Lists.ClearAccessed(frame);
        }

        Assert.Equal((0, 3 * Size), (Machine.Smaps().Of(Process).Referenced, Machine.Smaps().Of(Process).Rss));
        Load(at + Size);
        Assert.Equal(Size, Machine.Smaps().Of(Process).Referenced);
    }

    [Fact]
    public void What_was_written_is_private_dirty_and_anonymous()
    {
        var at = Memory.Map(File, 0, 4 * Size, Protection.ReadWrite);
        Machine.Cache.Dirty.CleanAll();
        Store(at, 9);
        Load(at + Size);
        var entry = Machine.Smaps().Of(Process);
        Assert.Equal((2 * Size, Size, Size, Size), (entry.Rss, entry.PrivateClean, entry.PrivateDirty, entry.Anonymous));
        Assert.Equal((2 * Size, 8), (entry.Pss, entry.PssKiB));
    }

    [Fact]
    public void The_kernel_cuts_the_share_of_every_page()
    {
        // Three thirds of a page are 4 KiB; three thirds that were cut to 1/4,096 byte are a little less, and print as 3.
        Process[] all = [Process, Spawn(), Spawn()];
        foreach (var process in all)
        {
            var at = process.Memory.Map(File, 0, 3 * Size, Protection.Read);
            for (var page = 0; page < 3; page++)
            {
                Load(process, at + (page * Size));
            }
        }

        var smaps = Machine.Smaps();
        Assert.All(all, process => Assert.Equal((Size, 3), (smaps.Of(process).Pss, smaps.Of(process).PssKiB)));
    }

    [Fact]
    public void The_kernels_figure_is_cut_for_each_mapping_and_not_for_the_sum()
    {
        // Two mappings with a page of three processes each: 1,365 and a third bytes, printed as 1 KiB.
        for (var i = 0; i < 3; i++)
        {
            var process = i == 0 ? Process : Spawn();
            Load(process, process.Memory.Map(File, 0, Size, Protection.Read));
            Load(process, process.Memory.Map(File, 2 * Size, Size, Protection.Read));
        }

        var sum = Machine.Smaps().Of(Process);
        Assert.Equal((2, 2 * Size), (sum.PssKiB, sum.Rss));
        Assert.Equal(2m * Size / 3, Math.Round(sum.Pss, 9), 8);
    }

    [Fact]
    public void Private_pages_are_shared_after_a_fork_until_one_writes()
    {
        var at = Memory.MapAnonymous(2 * Size, Protection.ReadWrite);
        Store(at, 1);
        Store(at + Size, 1);
        var child = Process.Fork();
        Assert.Equal((2 * Size, 0), (Machine.Smaps().Of(Process).SharedDirty, Machine.Smaps().Of(child).Uss));
        Store(at, 2);
        var entry = Machine.Smaps().Of(Process);
        Assert.Equal((2 * Size, Size, Size), (entry.Rss, entry.SharedDirty, entry.PrivateDirty));
        Assert.Equal(Size + (Size / 2), entry.Pss);
    }

    [Fact]
    public void What_left_memory_and_what_was_only_zero_does_not_count()
    {
        var at = Memory.MapAnonymous(2 * Size, Protection.ReadWrite);
        Store(at, 1);
        Load(at + Size);
        Assert.Equal(Size, Machine.Smaps().Of(Process).Rss);
        EvictAll();
        Assert.Equal(0, Machine.Smaps().Of(Process).Rss);
    }
}

namespace Reflink.Cache.Policies.Linux;

/// <summary>What reclaim of Linux depends on, besides the limit.</summary>
public sealed record LinuxOptions
{
    /// <summary>
    /// After how many accesses the counters by which reclaim decides are flushed; 1: they are always right. A kernel does it every two
    /// seconds and whenever somebody reads memory.stat.
    /// </summary>
    public int FlushInterval { get; init; } = 16;

    /// <summary>
    /// How readily anonymous pages go to swap, 0 to 200 (vm.swappiness): 100 takes swap to be as fast as files; 0 leaves them in memory as long as there are pages of files. It says nothing where
    /// there is no swap.
    /// </summary>
    public int Swappiness { get; init; } = 60;

    /// <summary>
    /// How many processors the machine has whose counters these are: a flush that is due is left out while not more than 64 updates a processor
    /// wait, as in a kernel when memory.stat is read. 0: none is left out.
    /// </summary>
    public int StatisticsProcessors { get; init; }

    /// <summary>Pages that the group's processes and kernel objects take from the limit, the nodes of page trees not among them.</summary>
    public int BasePages { get; init; } = 8;
}

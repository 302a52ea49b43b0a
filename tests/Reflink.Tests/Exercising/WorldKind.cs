namespace Reflink.Tests.Exercising;

/// <summary>How much a machine under test has of what, in pages, how its cache finds and chooses pages and how far it reads ahead, and whether it runs on FASTER, in memory or on files.</summary>
internal sealed record WorldKind(
    int Frames, int Swap, int Capacity, bool OnFaster = false, bool OnFiles = false, CacheKeying Keying = CacheKeying.Block,
    int Readahead = 0, string Policy = "fifo", bool RecipeAware = false, bool MapsZeroPage = true,
    ReferenceTracking References = ReferenceTracking.Harvested, int FaultAround = 1, int Swappiness = 60, int MinFree = 0, DeviceModel? Device = null, DirtyLimits? Dirty = null, int ReadAround = 0, int PageCluster = 0)
{
    /// <summary>Roomy, without swap, with plenty of it, short of everything, and a full volume.</summary>
    public static readonly WorldKind[] All =
    [
        new(192, 0, 1 << 20),
        new(16, 192, 1 << 20),
        new(32, 0, 1 << 20),
        new(16, 4, 1 << 20),
        new(24, 192, 24),
    ];

    /// <summary>Whether no program of the exerciser can use up memory or volume.</summary>
    public bool IsRoomy => Frames + Swap >= 192 && Capacity > 1000;

    public WorldKind OverFaster() => this with { OnFaster = true };

    public WorldKind OverFiles() => this with { OnFiles = true };

    public WorldKind ReadingAhead(int pages) => this with { Readahead = pages };

    public WorldKind Under(string policy) => this with { Policy = policy };

    public WorldKind KeyedBy(CacheKeying keying) => this with { Keying = keying };
}

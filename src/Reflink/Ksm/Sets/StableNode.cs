namespace Reflink.Ksm.Sets;

/// <summary>
/// A merged page, or a chain of merged pages of one content (struct ksm_stable_node, mm/ksm.c): 48 bytes. A node does not own
/// its block: block numbers are never reused, so a freed page is recognised by its number.
/// <code>
///   index ──► node                    one page of this content
///   index ──► chain ──► dup ──► dup   several, since each has a limit of mappings (max_page_sharing)
/// </code>
/// </summary>
internal struct StableNode
{
    /// <summary>The value of <see cref="Chain"/> for a page that belongs to another domain.</summary>
    public const int InheritedMark = -1;

    private const int ChainMark = -1;
    private const long Retired = -1;

    /// <summary>The hash of the bytes, changed by the NUMA node (<see cref="RmapItem.KeyOf"/>).</summary>
    public ulong Hash;

    /// <summary>The first eight bytes, in big-endian order: they mostly tell two contents apart, so that the page need not be read.</summary>
    public ulong Prefix;

    /// <summary>How many items are attached.</summary>
    public int Items;

    /// <summary>The next in the same bucket by block: nodes and dups.</summary>
    public int NextByBlock;

    /// <summary>Dup: its chain. A page of a domain that this one inherits from: <see cref="InheritedMark"/>.</summary>
    public int Chain;

    /// <summary>Chain: the first dup. Dup: the next one.</summary>
    public int NextDup;

    /// <summary>Dup: the one before, 0 for the first.</summary>
    public int PreviousDup;

    private long _blockOrTime;

    /// <summary>A node of a merged page.</summary>
    public static StableNode Of(BlockNumber block, ulong hash, ulong prefix) => new() { Hash = hash, Prefix = prefix, _blockOrTime = block.Value };

    /// <summary>A chain without dups.</summary>
    public static StableNode ChainOf(ulong hash, long now) => new() { Hash = hash, Items = ChainMark, _blockOrTime = now };

    /// <summary>Whether this is a chain.</summary>
    public readonly bool IsChain => Items == ChainMark;

    /// <summary>Whether the page belongs to another domain, from which this one inherits.</summary>
    public readonly bool IsInherited => Chain == InheritedMark;

    /// <summary>Whether the node was retired: its page was freed, and its record stays only because items still name it.</summary>
    public readonly bool IsRetired => !IsChain && _blockOrTime == Retired;

    /// <summary>The merged page.</summary>
    public readonly BlockNumber Block => new(_blockOrTime);

    /// <summary>Chain: when it was last pruned, in nanoseconds of the machine's clock.</summary>
    public long PrunedAt
    {
        readonly get => _blockOrTime;
        set => _blockOrTime = value;
    }

    /// <summary>Chain: whether <see cref="StableSet.ChainsToPrune"/> counts it. Kept in <see cref="PreviousDup"/>, which a chain does not need.</summary>
    public bool IsToPrune
    {
        readonly get => PreviousDup != 0;
        set => PreviousDup = value ? 1 : 0;
    }

    /// <summary>Notes that the page was freed.</summary>
    public void MarkRetired() => _blockOrTime = Retired;
}

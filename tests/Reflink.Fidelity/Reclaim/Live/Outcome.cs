namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Where the page of an access was just before the access. The numbers are those in the files <c>cls.SUITE.T.REP</c>.</summary>
public enum Outcome : byte
{
    /// <summary>A page of a file is in the page cache; an anonymous one is in the page table.</summary>
    Present,

    /// <summary>It was never there.</summary>
    New,

    /// <summary>A page of a file was evicted; an anonymous one is in swap.</summary>
    Gone,

    /// <summary>
    /// A page of a file was evicted so lately that it returns to the active list; an anonymous one is unmapped, with a place in swap, but
    /// still in memory.
    /// </summary>
    GoneLately,
}

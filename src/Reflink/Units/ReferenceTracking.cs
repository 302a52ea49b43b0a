namespace Reflink;

/// <summary>What replacement policies learn of loads and stores through mappings, which no system call announces.</summary>
public enum ReferenceTracking
{
    /// <summary>
    /// What hardware gives: an accessed bit in each page-table entry. Linux's policy looks at the bits of each page that it scans; for
    /// others all bits are gathered and cleared when a reclaim begins, so a page that was used often since the last one counts as used once.
    /// </summary>
    Harvested,

    /// <summary>Each access, as if it were a read() or write(): what papers assume, and what no kernel can afford. Loads and stores are slower.</summary>
    Exact,
}

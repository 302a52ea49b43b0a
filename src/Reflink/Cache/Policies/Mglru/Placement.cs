namespace Reflink.Cache.Policies.Mglru;

/// <summary>How a folio comes to a list, which says to which generation it belongs (lru_gen_folio_seq, include/linux/mm_inline.h).</summary>
internal enum Placement
{
    /// <summary>It was faulted in, or found used by reclaim (PG_active): to the second youngest generation, and to the youngest if it is of the working set.</summary>
    Used,

    /// <summary>It is anonymous and not in swap, so only a fault can have made it: to the second youngest generation.</summary>
    Anonymous,

    /// <summary>It was read or written through a file descriptor, or read ahead: to the oldest generation, and to one above it if it is of the working set.</summary>
    Read,
}

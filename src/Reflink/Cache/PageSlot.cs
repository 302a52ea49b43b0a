namespace Reflink.Cache;

/// <summary>What the slot of a page holds in the tree of its inode (lib/xarray.c).</summary>
internal enum PageSlot
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>A folio begins here.</summary>
    Page,

    /// <summary>What stays of an evicted folio begins here.</summary>
    Shadow,

    /// <summary>A pointer to the slot before it in which the folio, or what stays of it, begins.</summary>
    Sibling,
}

namespace Reflink.Cache.Policies;

/// <summary>Where pages go when they leave memory: Linux keeps lists of each kind (folio_is_file_lru, include/linux/mm_inline.h).</summary>
public enum FolioKind
{
    /// <summary>To their file, or nowhere, since they can be read or made again.</summary>
    File,

    /// <summary>To swap: private pages of processes.</summary>
    Anonymous,
}

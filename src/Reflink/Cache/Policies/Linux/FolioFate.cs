namespace Reflink.Cache.Policies.Linux;

/// <summary>What reclaim does with an inactive folio (enum folio_references, mm/vmscan.c).</summary>
internal enum FolioFate
{
    /// <summary>It leaves memory.</summary>
    Leaves,

    /// <summary>It goes once more through the inactive list.</summary>
    Stays,

    /// <summary>It becomes active.</summary>
    Activated,
}

namespace Reflink.Ksm.Controls;

/// <summary>The counters of a merging domain, by the kernel's names (/sys/kernel/mm/ksm) and with its lags: pages that were written count until the scanner meets them.</summary>
/// <param name="PagesShared">Merged pages in use.</param>
/// <param name="PagesSharing">Further mappings of them: what is saved, in pages.</param>
/// <param name="PagesUnshared">Pages that were looked at and wait for an equal one.</param>
/// <param name="PagesVolatile">Pages that changed since the last look, are new, or were skipped.</param>
/// <param name="PagesScanned">Pages looked at so far.</param>
/// <param name="PagesSkipped">Looks that smart scan saved so far.</param>
/// <param name="FullScans">Whole passes so far.</param>
/// <param name="StableNodeChains">Contents that have a chain of merged pages.</param>
/// <param name="StableNodeDups">Merged pages in chains.</param>
/// <param name="ZeroPages">Mappings of the zero page in place of an empty one (ksm_zero_pages).</param>
/// <param name="RmapItems">Pages that the scanner remembers.</param>
public readonly record struct KsmCounters(
    long PagesShared, long PagesSharing, long PagesUnshared, long PagesVolatile, long PagesScanned, long PagesSkipped,
    long FullScans, long StableNodeChains, long StableNodeDups, long ZeroPages, long RmapItems)
{
    /// <summary>What the kernel keeps for each page that the scanner visited: 64 bytes (struct ksm_rmap_item).</summary>
    public const int BytesPerItem = 64;

    /// <summary>What merging saves less what it costs, in bytes (general_profit).</summary>
    public long GeneralProfit => ((PagesSharing + ZeroPages) * Page.Size) - (RmapItems * BytesPerItem);
}

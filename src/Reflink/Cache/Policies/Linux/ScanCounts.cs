namespace Reflink.Cache.Policies.Linux;

/// <summary>Pages of one kind that reclaim looked at so far.</summary>
internal sealed class ScanCounts
{
    /// <summary>Looked at on the inactive list (pgscan_file, pgscan_anon).</summary>
    public long Scanned { get; set; }

    /// <summary>Evicted (pgsteal_file, pgsteal_anon).</summary>
    public long Stolen { get; set; }

    /// <summary>Activated by a scan, since they were used through page tables (part of pgactivate).</summary>
    public long Activated { get; set; }

    /// <summary>Looked at on the active list (pgrefill).</summary>
    public long Refilled { get; set; }

    /// <summary>Moved to the inactive list (pgdeactivate).</summary>
    public long Deactivated { get; set; }
}

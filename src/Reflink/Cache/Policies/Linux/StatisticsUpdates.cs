namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// How many updates of a group's counters wait for a flush (memcg_rstat_updated and memcg_vmstats_needs_flush, mm/memcontrol.c): who
/// reads memory.stat flushes only if more than 64 a processor wait, and a processor tells of its own in batches of 64.
/// </summary>
internal sealed class StatisticsUpdates(int processors)
{
    // MEMCG_CHARGE_BATCH.
    private const int Batch = 64;

    private int _own;
    private int _told;

    /// <summary>Whether a read of memory.stat flushes; with no processor it always does.</summary>
    public bool NeedFlush => processors == 0 || _told > Batch * processors;

    /// <summary>
    /// A page came in. Of a file: nr_file_pages and pgpgin change, for a mapped one nr_mapped, pgfault and pgmajfault. An anonymous one: nr_anon_mapped, pgpgin and
    /// pgfault, and if it comes from swap pgmajfault, pswpin and swap. For one that comes back workingset_refault and workingset_activate as far as they apply.
    /// </summary>
    public void Enter(FolioKind kind, AccessKind access, Admission admission)
    {
        var mapped = access is AccessKind.Load or AccessKind.Store or AccessKind.Execute ? 3 : 0;
        var entered = kind == FolioKind.File ? 2 + mapped : admission == Admission.New ? 3 : 6;
        Add(entered + (admission == Admission.New ? 0 : 1) + (admission == Admission.Activated ? 1 : 0));
    }

    /// <summary>A page that came back had been active before (workingset_restore).</summary>
    public void Restore() => Add(1);

    /// <summary>Memory for nodes of a page tree came or went: that of the kernel's objects, and of slabs.</summary>
    public void ChargeNodes(long pages) => Add(2 * (int)Math.Abs(pages));

    /// <summary>A page came to a list.</summary>
    public void List() => Add(1);

    /// <summary>A page went from one list to the other: both lists, and pgactivate.</summary>
    public void Activate() => Add(3);

    /// <summary>A reclaim evicted at least 32 pages: with nr_file_pages, the list, pgpgout, pgscan and pgsteal of each that is enough.</summary>
    public void Reclaim() => _told = (Batch * processors) + 1;

    /// <summary>The counters were flushed.</summary>
    public void Flush() => (_own, _told) = (0, 0);

    private void Add(int updates)
    {
        for (; updates > 0 && !NeedFlush; updates--)
        {
            if (++_own == Batch)
            {
                (_own, _told) = (0, _told + Batch);
            }
        }
    }
}

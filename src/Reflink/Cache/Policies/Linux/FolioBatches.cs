namespace Reflink.Cache.Policies.Linux;

/// <summary>The batches of one processor: of new folios, and of folios to activate (cpu_fbatches, mm/swap.c).</summary>
internal sealed class FolioBatches(LruLists lists, StatisticsUpdates updates)
{
    private FolioBatch _added = new();
    private FolioBatch _activated = new();

    /// <summary>Pages that came onto the active list by this way so far (pgactivate).</summary>
    public long Activated { get; private set; }

    /// <summary>Pages of new folios that are on no list yet. Only a folio of one page waits.</summary>
    public int Waiting => _added.Count;

    /// <summary>A new folio is to go to its list; a large one does not wait (folio_add_lru).</summary>
    public void Add(int frame)
    {
        if (_added.Add(frame) || lists[frame].Order > 0)
        {
            DrainAdded();
        }
    }

    /// <summary>A listed folio is to become active; it may wait twice, since only its move clears the reason (folio_activate).</summary>
    public void Activate(int frame)
    {
        if (_activated.Add(frame) || lists[frame].Order > 0)
        {
            DrainActivated();
        }
    }

    /// <summary>Moves all that wait, the new ones first (lru_add_drain_cpu).</summary>
    public void Drain()
    {
        DrainAdded();
        DrainActivated();
    }

    private void DrainAdded()
    {
        foreach (var frame in _added.Frames)
        {
            lists.Add(frame);
            updates.List();
        }

        _added.Clear();
    }

    private void DrainActivated()
    {
        foreach (var frame in _activated.Frames)
        {
            if (!lists[frame].Has(FolioFlags.Active))
            {
                lists.Remove(frame);
                updates.Activate();
                lists[frame].Flags |= FolioFlags.Active;
                lists.Add(frame);
                Activated += lists[frame].Pages;
            }
        }

        _activated.Clear();
    }
}

namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// The accessed bits of page-table entries as reclaim sees them: whether one, or more than one entry of a folio was used since it was
/// looked at last (folio_referenced, mm/rmap.c; folio_check_references, mm/vmscan.c).
/// </summary>
internal sealed class FolioReferences
{
    /// <summary>Has the page tables; null where there are none.</summary>
    public IReclaimHost? Host { get; set; }

    /// <summary>Whether anonymous pages can leave memory.</summary>
    public bool HasSwap => Host is { HasSwap: true };

    /// <summary>Whether a folio is written by who evicts it: pages of files are written by others in the kernel.</summary>
    public bool MustBeWritten(int frame, FolioKind kind) => kind == FolioKind.Anonymous && Host is { } host && host.IsDirty(new FrameNumber(frame));

    /// <summary>Whether a folio is dirty.</summary>
    public bool IsDirty(int frame) => Host is { } host && host.IsDirty(new FrameNumber(frame));

    /// <summary>Whether a folio of a file has to be written by others before it can leave.</summary>
    public bool IsPostponed(int frame) => Host is { } host && host.Postpones(new FrameNumber(frame));

    /// <summary>How many entries were used (2 stands for more), and whether one of them belongs to a program's code; clears their bits.</summary>
    public (int Count, bool IsExecuted) Take(int frame, ref FolioState folio)
    {
        if (!folio.Has(FolioFlags.Young))
        {
            return default;
        }

        var taken = (folio.Has(FolioFlags.YoungTwice) ? 2 : 1, folio.Has(FolioFlags.Executed));
        folio.Flags &= ~(FolioFlags.Young | FolioFlags.YoungTwice | FolioFlags.Executed);
        Host?.ClearAccessed(new FrameNumber(frame));
        return taken;
    }

    /// <summary>
    /// Decides on an inactive folio. Every mapped page comes in with one entry used, so it takes a second use to activate it, unless it
    /// is a program's; a read() that was not repeated does not save an unmapped one.
    /// </summary>
    public FolioFate Check(int frame, ref FolioState folio)
    {
        var (count, isExecuted) = Take(frame, ref folio);
        var wasReferenced = folio.Has(FolioFlags.Referenced);
        folio.Flags &= ~FolioFlags.Referenced;
        if (count == 0)
        {
            return FolioFate.Leaves;
        }

        folio.Flags |= FolioFlags.Referenced;
        return wasReferenced || count > 1 || isExecuted ? FolioFate.Activated : FolioFate.Stays;
    }
}

namespace Reflink.Ksm.Sets;

/// <summary>Why a page is looked at.</summary>
internal enum VisitKind
{
    /// <summary>The scanner visits the page: it is merged only if it has not changed since the last visit.</summary>
    Scan,

    /// <summary>Merging was requested: the page is merged at once; without an equal page it waits, and may be written meanwhile.</summary>
    Lazy,

    /// <summary>Merging was requested: the page is merged at once; without an equal page it is protected, as a merged page with one mapping, so that the next equal page finds it unchanged.</summary>
    Protect,
}

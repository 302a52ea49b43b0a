
namespace Reflink.Ksm.Sets;

/// <summary>Why a page is looked at.</summary>
internal enum VisitKind
{
    /// <summary>The scanner came by: only what rested since its last visit is merged.</summary>
    Scan,

    /// <summary>Somebody asked: merged at once; what finds no equal waits, and may be written meanwhile.</summary>
    Lazy,

    /// <summary>Somebody asked: merged at once; what finds no equal is protected, as if merged with nobody, so that the next finds it unchanged.</summary>
    Protect,
}

using System.Collections;

namespace Reflink.Cache;

/// <summary>
/// Knows which frames processes have in their page tables. A frame does not know it itself, so the answer costs a walk over all page tables,
/// and only calls that are rare ask: those that drop caches on demand.
/// </summary>
internal interface IMappedFrames
{
    /// <summary>A bit for each frame that was ever used, by number: whether an entry leads to it now.</summary>
    BitArray Find();

    /// <summary>Brings up to date which frames are locked because a locked mapping shows them.</summary>
    void Refresh();
}

namespace Reflink.Cache.Policies;

/// <summary>The accessed bits of page-table entries, for a policy that clears them (ptep_clear_flush_young, include/linux/mmu_notifier.h).</summary>
public interface IAccessedBits
{
    /// <summary>Clears the bits of all entries that lead to a folio, which is named by its first frame: the next use of each of them is told again.</summary>
    void Clear(FrameNumber frame);
}

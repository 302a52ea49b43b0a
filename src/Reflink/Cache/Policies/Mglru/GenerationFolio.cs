using System.Numerics;
using System.Runtime.InteropServices;

namespace Reflink.Cache.Policies.Mglru;

/// <summary>What the multi-generational LRU keeps of a folio: 12 bytes beside its links, by its first frame.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct GenerationFolio
{
    // The bits of LRU_REFS_MASK, MAX_NR_TIERS - 2 of them: so many uses are counted beside the first.
    private const byte MostUses = 3;

    /// <summary>Its first page (<see cref="Linux.PageKeys"/>).</summary>
    public ulong Key;

    public GenerationFlags Flags;

    /// <summary>It has 2^Order pages.</summary>
    public byte Order;

    // How often it was used through file descriptors after the first time.
    private byte _uses;

    // The generation that it belongs to in the lower half, and above it the one whose list it is still on, both modulo 4.
    private byte _places;

    /// <summary>How many pages it has.</summary>
    public readonly int Pages => 1 << Order;

    /// <summary>Whether the pages are a file's.</summary>
    public readonly FolioKind Kind => Has(GenerationFlags.Anonymous) ? FolioKind.Anonymous : FolioKind.File;

    /// <summary>The generation that it belongs to, modulo 4.</summary>
    public int Generation
    {
        readonly get => _places & 15;
        set => _places = (byte)((_places & 240) | value);
    }

    /// <summary>The generation whose list it is on, modulo 4: a page-table walk changes <see cref="Generation"/> and leaves the folio on its list.</summary>
    public int List
    {
        readonly get => _places >> 4;
        set => _places = (byte)((_places & 15) | (value << 4));
    }

    /// <summary>How often it was used through file descriptors, 4 at the most (folio_lru_refs, include/linux/mm_inline.h).</summary>
    public readonly int References => Has(GenerationFlags.Referenced) ? _uses + 1 : 0;

    /// <summary>Its tier, 0 to 3: the highest for the working set, otherwise that of its uses (lru_tier_from_refs).</summary>
    public readonly int Tier => Has(GenerationFlags.Workingset) ? TierController.Tiers - 1 : TierOf(References);

    /// <summary>Whether its counted uses are at their limit and it is in the working set: it is protected whatever the tiers do.</summary>
    public readonly bool IsUsedOften => References == MostUses + 1 && Has(GenerationFlags.Workingset);

    /// <summary>Whether a flag is set.</summary>
    public readonly bool Has(GenerationFlags flag) => (Flags & flag) != 0;

    /// <summary>It is used through a file descriptor (lru_gen_inc_refs, mm/swap.c).</summary>
    public void Use()
    {
        if (!Has(GenerationFlags.Referenced))
        {
            (Flags, _uses) = (Flags | GenerationFlags.Referenced, 0);
        }
        else if (_uses < MostUses)
        {
            _uses++;
        }
        else
        {
            Flags |= GenerationFlags.Workingset;
        }
    }

    /// <summary>An accessed bit of it was found set (lru_gen_set_refs and folio_update_gen, mm/vmscan.c).</summary>
    /// <returns>Whether it was the second time, so that the folio is to be promoted.</returns>
    public bool UseThroughTable()
    {
        var isSecond = Has(GenerationFlags.Referenced | GenerationFlags.Workingset);
        ForgetUses();
        Flags |= isSecond ? GenerationFlags.Workingset : GenerationFlags.Referenced;
        return isSecond;
    }

    /// <summary>The tier of a folio that is not of the working set: the logarithm of its uses, rounded up.</summary>
    public static int TierOf(int uses) => BitOperations.Log2((uint)(2 * Math.Max(uses, 1)) - 1);

    /// <summary>Forgets how often it was used, and not that it is of the working set (LRU_REFS_FLAGS).</summary>
    public void ForgetUses() => (Flags, _uses) = (Flags & ~GenerationFlags.Referenced, 0);
}

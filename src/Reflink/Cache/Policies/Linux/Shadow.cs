namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// What stays of a page that was evicted (pack_shadow, mm/workingset.c): the age of its list then, and whether it had been active. Linux has
/// some 36 bits for the age; 30 wrap after a thousand million evictions between a page's leaving and coming back.
/// </summary>
internal readonly record struct Shadow(uint Word)
{
    private const uint AgeMask = (1u << 30) - 1;

    /// <summary>The entry of a page that is evicted now.</summary>
    public static Shadow Of(long age, bool workingset) => new(((uint)(age & AgeMask) << 1) | (workingset ? 1u : 0));

    /// <summary>The age, as far as it was kept.</summary>
    public long Age => Word >> 1;

    /// <summary>Whether the page had been on the active list.</summary>
    public bool Workingset => (Word & 1) != 0;

    /// <summary>Evictions and activations since: the least memory more that would have kept the page.</summary>
    public long Distance(long age) => ((uint)(age & AgeMask) - (Word >> 1)) & AgeMask;
}

namespace Reflink.Cache;

/// <summary>Who reclaims memory.</summary>
internal enum ReclaimedBy
{
    /// <summary>Whoever needs memory and finds none (direct reclaim).</summary>
    Allocator,

    /// <summary>The daemon that keeps some memory free.</summary>
    Kswapd,
}

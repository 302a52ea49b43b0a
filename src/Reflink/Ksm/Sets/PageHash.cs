
namespace Reflink.Ksm.Sets;

/// <summary>
/// Sums up the content of a page in 64 bits. Pages with different hashes differ; pages with equal hashes are compared before they
/// are merged, so a hash that collides costs time and never a wrong merge.
/// </summary>
internal delegate ulong PageHash(ReadOnlySpan<byte> page);

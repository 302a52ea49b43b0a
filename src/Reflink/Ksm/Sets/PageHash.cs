namespace Reflink.Ksm.Sets;

/// <summary>
/// Hashes the content of a page to 64 bits. Pages with different hashes differ; pages with equal hashes are compared before they
/// are merged, so a collision costs time and never causes a wrong merge.
/// </summary>
internal delegate ulong PageHash(ReadOnlySpan<byte> page);

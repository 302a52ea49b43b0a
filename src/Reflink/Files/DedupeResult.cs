namespace Reflink.Files;

/// <summary>What became of one destination of FIDEDUPERANGE.</summary>
/// <param name="Error">Why it was refused; null if it was not.</param>
/// <param name="AreSame">Whether the bytes were equal, and the blocks are shared now.</param>
/// <param name="Bytes">Bytes of the request that were found equal: all of its first GiB, or none.</param>
public readonly record struct DedupeResult(Errno? Error, bool AreSame, long Bytes);

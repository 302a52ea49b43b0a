namespace Reflink.Fidelity.Filesystems;

/// <summary>What a file holds, as its users can see it.</summary>
/// <param name="Bytes">All of its bytes.</param>
/// <param name="Places">For every page where it lies on the disk, in bytes; -1 for one that was never written.</param>
/// <param name="Data">The ranges that SEEK_DATA and SEEK_HOLE tell, in order.</param>
public sealed record FileState(byte[] Bytes, long[] Places, IReadOnlyList<(long From, long To)> Data);

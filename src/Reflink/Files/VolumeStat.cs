namespace Reflink.Files;

/// <summary>What statfs(2) shows.</summary>
/// <param name="BlockSize">Bytes of a block.</param>
/// <param name="Blocks">Blocks that the volume may hold.</param>
/// <param name="FreeBlocks">Blocks that are free; what is kept for unwritten extents is not.</param>
/// <param name="Inodes">Files, directories and symbolic links.</param>
/// <param name="LongestName">Bytes of the longest name.</param>
public readonly record struct VolumeStat(int BlockSize, long Blocks, long FreeBlocks, long Inodes, int LongestName);

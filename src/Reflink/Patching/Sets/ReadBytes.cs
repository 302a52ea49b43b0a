namespace Reflink.Patching.Sets;

/// <summary>Reads the bytes at a file offset, from the file or through a mapping of it.</summary>
/// <param name="offset">The file offset.</param>
/// <param name="into">Where the bytes go.</param>
public delegate void ReadBytes(long offset, Span<byte> into);

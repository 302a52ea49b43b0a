namespace Reflink.Elf;

/// <summary>A place in a file's code that can be patched: a function's entry.</summary>
/// <param name="Offset">The file offset of the first byte, never a virtual address.</param>
/// <param name="Size">Bytes of the function, as far as they are in the same executable segment.</param>
/// <param name="Name">The symbol's name as it is in the file (mangled), or null.</param>
public readonly record struct Site(long Offset, long Size, string? Name = null);

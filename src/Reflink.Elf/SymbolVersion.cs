namespace Reflink.Elf;

/// <summary>The version of an exported symbol.</summary>
/// <param name="Name">Such as GLIBC_2.34.</param>
/// <param name="IsDefault">Whether new programs are linked to it; the others are there for programs that were linked before.</param>
internal readonly record struct SymbolVersion(string Name, bool IsDefault);

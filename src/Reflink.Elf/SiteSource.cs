namespace Reflink.Elf;

/// <summary>Where function entries are taken from.</summary>
public enum SiteSource
{
    /// <summary>
    /// The best there is: <c>.symtab</c>; without it the frame table, because the <c>.dynsym</c> of a stripped file names only exports
    /// (9 functions in libcoreclr.so); without that <c>.dynsym</c>.
    /// </summary>
    Best,

    /// <summary><c>.symtab</c>, or <c>.dynsym</c> where there is none.</summary>
    Symbols,

    /// <summary>The unwinder's table, <c>.eh_frame</c>, with names from <c>.dynsym</c> where it has the address.</summary>
    Frames,
}

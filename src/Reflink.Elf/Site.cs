namespace Reflink.Elf;

/// <summary>A place in a file's code that can be patched: a function's entry, or one that the program says is made for it.</summary>
/// <param name="Offset">The file offset of the first byte, never a virtual address.</param>
/// <param name="Size">
/// Bytes that belong to the site, as far as they are in the same executable segment: of a function all of it, of a patchable entry its
/// no-ops, of a sled the sled. Of a probe 1, because its note tells where an instruction begins and not how long it is.
/// </param>
/// <param name="Name">
/// As users type it: a symbol as it is in the file (mangled), <c>SYMBOL+0xOFF</c>, or <c>PROVIDER:NAME</c>. Null if the file has no name for it.
/// </param>
public readonly record struct Site(long Offset, long Size, string? Name = null)
{
    /// <summary>What makes it a site.</summary>
    public SiteKind Kind { get; init; }

    /// <summary>What else the file says of it: where a probe's arguments are, which sort of sled it is. Null if nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// The file offset of the 16-bit counter that whoever uses the probe raises (a uprobe's <c>ref_ctr_offset</c>); null if it has none.
    /// </summary>
    public long? Semaphore { get; init; }
}

namespace Reflink.Elf;

/// <summary>Addresses [<see cref="Address"/>, <see cref="End"/>) that hold instructions: a section of code, or all of a segment.</summary>
/// <param name="Address">The first address.</param>
/// <param name="End">The first address behind.</param>
/// <param name="Load">The segment that maps it.</param>
/// <param name="Name">The section's name, or null.</param>
internal readonly record struct CodeRegion(ulong Address, ulong End, ElfSegment Load, string? Name)
{
    internal bool Holds(ulong address) => address >= Address && address < End;

    /// <summary>The regions of a file, in order of address; where sections overlap, the earlier has the bytes.</summary>
    internal static List<CodeRegion> All(ElfFile elf)
    {
        var regions = new List<CodeRegion>();
        foreach (var load in elf.Segments.Where(s => s.Type == ElfSegment.Load && s.IsExecutable && s.FileSize > 0))
        {
            var end = load.Address + load.FileSize;
            var before = regions.Count;
            foreach (var section in elf.Sections.Where(s => s.IsCode && load.HoldsInFile(s.Address)).OrderBy(s => s.Address))
            {
                var start = regions.Count > before ? Math.Max(regions[^1].End, section.Address) : section.Address;
                var sectionEnd = section.Address + Math.Min(section.Size, end - section.Address);
                if (start < sectionEnd)
                {
                    regions.Add(new(start, sectionEnd, load, section.Name));
                }
            }

            if (regions.Count == before)
            {
                regions.Add(new(load.Address, end, load, null));
            }
        }

        return regions;
    }
}

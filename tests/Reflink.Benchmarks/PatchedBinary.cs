using Reflink.Elf;
using Reflink.Units;

namespace Reflink.Benchmarks;

/// <summary>What the patch benchmark patches: function entries in the largest executable segment of a real binary, a breakpoint on each.</summary>
internal sealed class PatchedBinary
{
    private const string Largest = "/usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so";
    private readonly ElfFile _elf;

    /// <summary>Reads the sites of a binary.</summary>
    /// <param name="path">The binary.</param>
    /// <param name="sizes">How many sites the sets have, spread over all; the last is the most.</param>
    /// <exception cref="ReflinkException">The file cannot be read, is no ELF file, or has no functions.</exception>
    public PatchedBinary(string path, IReadOnlyList<int> sizes)
    {
        _elf = ElfFile.Open(path);
        var text = _elf.ExecutableRanges.MaxBy(r => r.Length);
        Text = text.Pages;
        var all = FunctionSites.Find(_elf).Where(s => text.Contains(s.Offset)).ToList();
        var taken = FunctionSites.Spread(all, sizes[^1]);
        List<PatchSet> sets = [.. sizes.Select(size => Breakpoints(FunctionSites.Spread(all, size)))];
        var rest = Breakpoints(all.Except(taken));
        Sets = [.. sets, rest];
        Second = rest.Count == 0 ? null : sets.Count;
        Description = $"{path}: {Text.Length:N0} text pages, {all.Count:N0} functions; pages patched: "
            + string.Join(", ", Sets.Select(s => $"{s.CountPages():N0} for {s.Count:N0} sites"));
    }

    /// <summary>libjvm of Java 17 if it is here, else the runtime's own library.</summary>
    public static string Default => File.Exists(Largest) ? Largest : DefaultBinary.Find();

    public string Path => _elf.Path;

    public string Description { get; }

    /// <summary>The pages of the file that are mapped.</summary>
    public PageRange Text { get; }

    /// <summary>A set of each size asked; behind them one of the functions that are left.</summary>
    public IReadOnlyList<PatchSet> Sets { get; }

    /// <summary>Which set lies beside the largest one; null if that has all functions.</summary>
    public int? Second { get; }

    /// <summary>A set made anew: whatever a set remembers, such as its hash, is part of the first poke.</summary>
    public PatchSet Fresh(int index)
    {
        var builder = new PatchSetBuilder(Sets[index].Target);
        for (var i = 0; i < Sets[index].Count; i++)
        {
            builder.Add(Sets[index].Offset(i), Sets[index].Old(i), Sets[index].New(i));
        }

        return builder.Build();
    }

    private PatchSet Breakpoints(IEnumerable<Site> sites) => BreakpointPatch.Plan(_elf, sites).Patches;
}

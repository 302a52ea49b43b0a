using Reflink.Elf;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>What every mechanism is put through: a binary, who runs it, and which patches each process gets.</summary>
public sealed class ComparisonPlan
{
    /// <summary>Plans a comparison in which all processes get the same patches.</summary>
    /// <inheritdoc cref="ComparisonPlan(ElfFile, PatchChoice, int, int)"/>
    public ComparisonPlan(ElfFile elf, PatchSet patches, int processes = 50, int users = 5)
        : this(elf, PatchChoice.All(patches), processes, users)
    {
    }

    /// <summary>Plans a comparison.</summary>
    /// <param name="elf">The binary.</param>
    /// <param name="patches">What to patch in which process; it must fit, see <see cref="PatchFit"/>.</param>
    /// <param name="processes">How many processes map the text.</param>
    /// <param name="users">How many users they belong to, in turn.</param>
    /// <exception cref="ReflinkException">EINVAL: no patches, no process, more users or profiles than processes, or a binary without code.</exception>
    public ComparisonPlan(ElfFile elf, PatchChoice patches, int processes, int users)
    {
        if (processes < 1 || users < 1 || users > processes)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"{Counted.Of(processes, "process", "processes")} of {Counted.Of(users, "user")}; take one process or more, and at most as many users");
        }

        if (patches.Profiles.Count > processes)
        {
            throw new ReflinkException(Errno.EINVAL, $"{Counted.Of(patches.Profiles.Count, "profile")} for {Counted.Of(processes, "process", "processes")}; take at most as many profiles");
        }

        if (patches.Patches.Count == 0 || elf.ExecutableRanges.Count == 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"there is nothing to patch in '{elf.Path}'; name a file with code, or other patches");
        }

        (Elf, Choice, Processes, Users) = (elf, patches, processes, users);
        Texts = [.. elf.ExecutableRanges.Where(r => r.Length > 0).Select(r => Text(elf, r.Pages))];
        Profiles = [.. patches.Profiles.Select((set, j) => new PatchProfile(
            j, set, ((processes - 1 - j) / patches.Profiles.Count) + 1, [.. Texts.Select(t => t.With(set))]))];
        Counts = PatchCounts.Of(this);
        PatchedPages = PageVersion.Of(Patches).Sum(v => Texts.LongCount(t => t.Pages.Contains(v.Page)));
    }

    /// <summary>The binary.</summary>
    public ElfFile Elf { get; }

    /// <summary>How it was chosen what each process gets.</summary>
    public PatchChoice Choice { get; }

    /// <summary>All patches, by offset in the file.</summary>
    public PatchSet Patches => Choice.Patches;

    /// <summary>How many processes there are.</summary>
    public int Processes { get; }

    /// <summary>How many users there are.</summary>
    public int Users { get; }

    /// <summary>What processes are patched with, each of them by one process or more.</summary>
    public IReadOnlyList<PatchProfile> Profiles { get; }

    /// <summary>What each process maps, without changes.</summary>
    public IReadOnlyList<FlatCopy> Texts { get; }

    /// <summary>What patching makes, counted from the patches alone.</summary>
    public PatchCounts Counts { get; }

    /// <summary>Pages of the whole file.</summary>
    public long FilePages => Page.CountFor(Elf.Size);

    /// <summary>Pages of text of one process.</summary>
    public long TextPages => Texts.Sum(t => t.Pages.Length);

    /// <summary>Pages of text of one process that all patches together would change.</summary>
    public long PatchedPages { get; }

    /// <summary>What the process of that number, counted from 0, is patched with.</summary>
    public PatchProfile ProfileOf(int process) => Profiles[process % Profiles.Count];

    /// <summary>The number, counted from 0, of the user whom that process belongs to.</summary>
    public int UserOf(int process) => process % Users;

    private static FlatCopy Text(ElfFile elf, PageRange pages) =>
        new(pages, elf.Read(pages.Start.Offset, (int)Math.Min(pages.Length << Page.Shift, elf.Size - pages.Start.Offset)));
}

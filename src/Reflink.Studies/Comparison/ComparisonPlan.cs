using Reflink.Elf;
using Reflink.Patching;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>What every mechanism is put through: a binary, the patches, and who runs it.</summary>
public sealed class ComparisonPlan
{
    /// <summary>Plans a comparison.</summary>
    /// <param name="elf">The binary.</param>
    /// <param name="patches">What to patch; it must fit, see <see cref="PatchFit"/>.</param>
    /// <param name="processes">How many processes map the text.</param>
    /// <param name="users">How many users they belong to, in turn.</param>
    /// <exception cref="ReflinkException">EINVAL: no patches, no process, more users than processes, or a binary without code.</exception>
    public ComparisonPlan(ElfFile elf, PatchSet patches, int processes = 50, int users = 5)
    {
        if (processes < 1 || users < 1 || users > processes)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"{processes} processes of {users} users; take one process or more, and at most as many users");
        }

        if (patches.Count == 0 || elf.ExecutableRanges.Count == 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"there is nothing to patch in '{elf.Path}'; name a file with code, or other patches");
        }

        (Elf, Patches, Processes, Users) = (elf, patches, processes, users);
        Texts = [.. elf.ExecutableRanges.Where(r => r.Length > 0).Select(r => new TextImage(elf, r, patches))];
    }

    /// <summary>The binary.</summary>
    public ElfFile Elf { get; }

    /// <summary>All patches, by offset in the file.</summary>
    public PatchSet Patches { get; }

    /// <summary>How many processes there are.</summary>
    public int Processes { get; }

    /// <summary>How many users there are.</summary>
    public int Users { get; }

    /// <summary>What each process maps.</summary>
    public IReadOnlyList<TextImage> Texts { get; }

    /// <summary>Pages of the whole file.</summary>
    public long FilePages => Page.CountFor(Elf.Size);

    /// <summary>Pages of text of one process.</summary>
    public long TextPages => Texts.Sum(t => t.Pages.Length);

    /// <summary>Pages of text of one process that the patches touch.</summary>
    public long PatchedPages => Texts.Sum(t => t.PatchedPages);
}

using Reflink.Elf;
using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>Whether a patch set is for a binary: its build, its size, its content, and then every entry's place and old bytes.</summary>
public static class PatchFit
{
    private const int Shown = 5;

    /// <summary>Throws unless all fits.</summary>
    /// <param name="elf">The binary.</param>
    /// <param name="set">The patches.</param>
    /// <param name="source">What failures call the set, such as its file.</param>
    /// <exception cref="ReflinkException">EINVAL naming what differs.</exception>
    public static void Check(ElfFile elf, PatchSet set, string source)
    {
        if (BuildIdProblem(elf, set) is { } otherBuild)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{source}' {otherBuild}; name that build, or make the set anew from this file");
        }

        if (SizeProblem(elf, set) is { } otherSize)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{source}' {otherSize}; name that file, or make the set anew from this one");
        }

        if (ContentProblem(elf, set) is { } otherContent)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{source}' {otherContent}; name that file, or make the set anew from this one");
        }

        var problems = Problems(elf, set);
        if (problems.Count > 0)
        {
            var more = problems.Count > Shown ? $"\n  and {problems.Count - Shown} more" : "";
            throw new ReflinkException(
                Errno.EINVAL,
                $"{problems.Count} of {Counted.Of(set.Count, "patch", "patches")} of '{source}' {(problems.Count == 1 ? "does" : "do")} not fit '{elf.Path}', so none was applied; make the set anew from this file\n  "
                + string.Join("\n  ", problems.Take(Shown)) + more);
        }
    }

    /// <summary>Everything that does not fit, a sentence each: the build, the size, the content, and then every entry at fault.</summary>
    public static IReadOnlyList<string> Misfits(ElfFile elf, PatchSet set)
    {
        string?[] target = [BuildIdProblem(elf, set), SizeProblem(elf, set), ContentProblem(elf, set)];
        return [.. target.OfType<string>(), .. Problems(elf, set).Select(problem => problem.ToString())];
    }

    private static string? BuildIdProblem(ElfFile elf, PatchSet set) =>
        set.Target.BuildId is { } id && !string.Equals(id, elf.BuildId, StringComparison.OrdinalIgnoreCase)
            ? $"is for build-id {id}, '{elf.Path}' has {elf.BuildId ?? "none"}"
            : null;

    private static string? SizeProblem(ElfFile elf, PatchSet set) => set.Target.FileSize is { } size && size != elf.Size
        ? $"is for a file of {size} bytes, '{elf.Path}' has {elf.Size}"
        : null;

    // Only if nothing else differs: the same build with other bytes was changed afterwards.
    private static string? ContentProblem(ElfFile elf, PatchSet set) =>
        set.Target.Content is { } content && BuildIdProblem(elf, set) is null && SizeProblem(elf, set) is null && content != elf.Content
            ? $"is for a file whose SHA-256 is {content}, that of '{elf.Path}' is {elf.Content}"
            : null;

    private static List<PatchProblem> Problems(ElfFile elf, PatchSet set)
    {
        var problems = new List<PatchProblem>();
        for (var i = 0; i < set.Count; i++)
        {
            if (Problem(elf, set[i]) is { } reason)
            {
                problems.Add(new PatchProblem(i, set.Offset(i), set.Name(i), reason));
            }
        }

        return problems;
    }

    private static string? Problem(ElfFile elf, PatchEntry entry)
    {
        if (entry.End > elf.Size)
        {
            return $"ends at 0x{entry.End:x}, but the file ends at 0x{elf.Size:x}";
        }

        // Segments may overlap in the file; an entry belongs to one of them as a whole.
        var (start, end) = (entry.Offset, entry.End);
        if (!elf.ExecutableRanges.Any(r => r.Start <= start && end <= r.End))
        {
            return "lies outside of the executable segments, file offsets "
                + string.Join(", ", elf.ExecutableRanges.Select(r => $"0x{r.Start:x} to 0x{r.End:x}"));
        }

        var there = elf.Read(start, entry.Old.Length);
        return there.SequenceEqual(entry.Old)
            ? null
            : $"expected {Convert.ToHexStringLower(entry.Old)}, found {Convert.ToHexStringLower(there)}";
    }
}

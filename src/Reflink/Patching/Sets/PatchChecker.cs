namespace Reflink.Patching.Sets;

/// <summary>Checks a whole patch set against the bytes that are there, before any of it is applied.</summary>
public static class PatchChecker
{
    /// <summary>Throws, listing every entry at fault, unless all lie in the range and find the bytes they expect.</summary>
    /// <param name="set">The set.</param>
    /// <param name="start">The first file offset that may be patched.</param>
    /// <param name="end">The first behind the range.</param>
    /// <param name="read">Reads what is there.</param>
    /// <exception cref="PatchRefusedException">With the entries at fault.</exception>
    public static void Check(PatchSet set, long start, long end, ReadBytes read)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(read);
        var problems = Problems(set, start, end, read);
        if (problems.Count > 0)
        {
            throw new PatchRefusedException(set, problems);
        }
    }

    /// <summary>The entries that lie outside of the range or find other bytes than they expect.</summary>
    internal static List<PatchProblem> Problems(PatchSet set, long start, long end, ReadBytes read)
    {
        var problems = new List<PatchProblem>();
        var pages = new PageReader(start, end, read);
        var buffer = new byte[Page.Size];
        for (var i = 0; i < set.Count; i++)
        {
            var expected = set.Old(i);
            if (buffer.Length < expected.Length)
            {
                buffer = new byte[expected.Length];
            }

            if (Problem(set[i].Offset, expected, start, end, pages, buffer.AsSpan(0, expected.Length)) is { } reason)
            {
                problems.Add(new PatchProblem(i, set.Offset(i), set.Name(i), reason));
            }
        }

        return problems;
    }

    /// <summary>Throws if the set was made for a file of another size.</summary>
    /// <exception cref="ReflinkException">EINVAL.</exception>
    public static void CheckSize(PatchSet set, long fileSize)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.Target.FileSize is { } size && size != fileSize)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"{set} is for a file of {size} bytes, this one has {fileSize}; make the set anew from this file");
        }
    }

    /// <summary>Whether all entries lie in the range; sets are sorted and do not overlap.</summary>
    public static bool IsWithin(PatchSet set, long start, long end)
    {
        ArgumentNullException.ThrowIfNull(set);
        return set.Count == 0 || (set.Offset(0) >= start && set[set.Count - 1].End <= end);
    }

    private static string? Problem(
        long offset, ReadOnlySpan<byte> expected, long start, long end, PageReader pages, Span<byte> there)
    {
        if (offset < start || offset + expected.Length > end)
        {
            return $"lies outside of what may be patched, file offsets 0x{start:x} to 0x{end:x}";
        }

        pages.Read(offset, there);
        return there.SequenceEqual(expected)
            ? null
            : $"expected {Convert.ToHexStringLower(expected)}, found {Convert.ToHexStringLower(there)}";
    }
}

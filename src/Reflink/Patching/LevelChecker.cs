using Reflink.Units;

namespace Reflink.Patching;

/// <summary>
/// Whether levels fit one over the other: every entry must find its old bytes in what the levels below it show, or be the same
/// entry as one of theirs.
/// </summary>
internal static class LevelChecker
{
    /// <summary>Throws unless the levels from a number on fit; those below it do.</summary>
    /// <param name="levels">All levels.</param>
    /// <param name="from">The lowest level to check; whatever is above it was there before.</param>
    /// <param name="start">The first file offset where the new level may patch.</param>
    /// <param name="end">The first behind it.</param>
    /// <param name="size">The size of the file.</param>
    /// <param name="isNew">Whether the lowest is new too; if not, one below it was taken away or changed.</param>
    /// <param name="read">Reads the file's own bytes.</param>
    /// <returns>How many entries were checked.</returns>
    /// <exception cref="PatchRefusedException">The new level does not fit.</exception>
    /// <exception cref="ReflinkException">EBUSY: one above it would not any more.</exception>
    public static long Check(PatchLevels levels, int from, long start, long end, long size, bool isNew, ReadBytes read)
    {
        var entries = 0L;
        for (var i = from; i < levels.Sets.Count; i++)
        {
            var isOld = i > from || !isNew;
            var problems = Problems(levels, i, isOld ? 0 : start, isOld ? size : end, read);
            entries += levels.Sets[i].Count;
            if (problems.Count > 0)
            {
                var refused = new PatchRefusedException(levels.Sets[i], problems);
                throw isOld ? Busy(levels.Sets[i], refused) : refused;
            }
        }

        return entries;
    }

    private static ReflinkException Busy(PatchSet set, PatchRefusedException cause) =>
        new(Errno.EBUSY, $"{set} lies over it and depends on it; revert that first\n  {cause.Problems[0]}", cause);

    private static List<PatchProblem> Problems(PatchLevels levels, int index, long start, long end, ReadBytes read)
    {
        var below = levels.FoldBelow(index);
        var set = levels.Sets[index];
        var problems = PatchChecker.Problems(set, start, end, (offset, into) =>
        {
            read(offset, into);
            below.WriteOver(offset, into);
        });
        problems.RemoveAll(p => levels.IsCounted(index, set[p.Index]) && set[p.Index].Offset >= start && set[p.Index].End <= end);
        return problems.ConvertAll(p => WithConflict(levels, index, set, p));
    }

    private static PatchProblem WithConflict(PatchLevels levels, int index, PatchSet set, PatchProblem problem) =>
        levels.Overlapped(index, set[problem.Index], out var at) is { } other
            ? problem with { Reason = $"{problem.Reason}: conflicts with {other[at].ToString()} of {other}" }
            : problem;
}

using Reflink.Patching.Sets;

namespace Reflink.Patching.Levels;

/// <summary>
/// Checks that levels fit one over the other: every entry must find its old bytes in what the levels below it show, unless one of
/// those levels has the same entry.
/// </summary>
internal static class LevelChecker
{
    /// <summary>Throws unless the levels from a number on fit; the levels below it are known to fit.</summary>
    /// <param name="levels">All levels.</param>
    /// <param name="from">The lowest level to check.</param>
    /// <param name="added">The new level, if there is one.</param>
    /// <param name="size">The size of the file.</param>
    /// <param name="read">Reads the file's own bytes.</param>
    /// <returns>How many entries were checked.</returns>
    /// <exception cref="PatchRefusedException">The new level does not fit.</exception>
    /// <exception cref="ReflinkException">EBUSY: another level does not fit, or would no longer fit.</exception>
    public static long Check(PatchLevels levels, int from, NewLevel? added, long size, ReadBytes read)
    {
        var entries = 0L;
        for (var i = from; i < levels.Sets.Count; i++)
        {
            var isNew = added?.Index == i;
            var problems = Problems(levels, i, isNew ? added!.Value.Start : 0, isNew ? Math.Min(added!.Value.End, size) : size, read);
            entries += levels.Sets[i].Count;
            if (problems.Count > 0)
            {
                var refused = new PatchRefusedException(levels.Sets[i], problems);
                throw isNew ? refused : new ReflinkException(Errno.EBUSY, $"{levels.Sets[i]} {WhyBusy(i, added)}; revert that first\n  {problems[0]}", refused);
            }
        }

        return entries;
    }

    private static string WhyBusy(int level, NewLevel? added) =>
        level < added?.Index ? "lies below and does not fit the file any more" : "lies over it and would not fit what is left below";

    private static List<PatchProblem> Problems(PatchLevels levels, int index, long start, long end, ReadBytes read)
    {
        var below = levels.FoldBelow(index);
        var set = levels.Sets[index];
        var problems = PatchChecker.Problems(set, start, end, (offset, into) =>
        {
            read(offset, into);
            below.WriteOver(offset, into);
        });
        problems.RemoveAll(p => levels.IsDuplicate(index, set[p.Index]) && set[p.Index].Offset >= start && set[p.Index].End <= end);
        return problems.ConvertAll(p => WithConflict(levels, index, set, p));
    }

    private static PatchProblem WithConflict(PatchLevels levels, int index, PatchSet set, PatchProblem problem) =>
        levels.Overlapped(index, set[problem.Index], out var at) is { } other
            ? problem with { Reason = $"{problem.Reason}: conflicts with {other[at].ToString()} of {other}" }
            : problem;
}

using Reflink.Patching.Sets;

namespace Reflink;

/// <summary>A patch set was refused as a whole; every entry that is at fault is listed.</summary>
public sealed class PatchRefusedException : ReflinkException
{
    private const int Shown = 5;

    internal PatchRefusedException(PatchSet set, IReadOnlyList<PatchProblem> problems)
        : base(Errno.EINVAL, Describe(set, problems)) => Problems = problems;

    /// <summary>What is wrong, by entry.</summary>
    public IReadOnlyList<PatchProblem> Problems { get; }

    private static string Describe(PatchSet set, IReadOnlyList<PatchProblem> problems)
    {
        var more = problems.Count > Shown ? $"\n  and {problems.Count - Shown} more" : "";
        return $"{problems.Count} of {set.Count} patches do not fit, so none was applied; make the set anew from this file\n  "
            + string.Join("\n  ", problems.Take(Shown)) + more;
    }
}

using System.Globalization;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>Which of all patches each process gets: a list of profiles, which the processes have in turn.</summary>
public sealed class PatchChoice
{
    /// <summary>A profile is so small a part of all patches; fewer patches cannot be divided.</summary>
    public const int Part = 10;

    private PatchChoice(PatchSet all, ChoiceFacts facts, IReadOnlyList<PatchSet> profiles) => (Patches, Facts, Profiles) = (all, facts, profiles);

    /// <summary>The patches that were chosen from, by offset in the file.</summary>
    public PatchSet Patches { get; }

    /// <summary>How it was chosen.</summary>
    public ChoiceFacts Facts { get; }

    /// <summary>The profiles; process i has number i modulo their number.</summary>
    public IReadOnlyList<PatchSet> Profiles { get; }

    /// <summary>All patches in every process.</summary>
    public static PatchChoice All(PatchSet patches) => new(patches, new ChoiceFacts("all of them in every process", 1, patches.Count), [patches]);

    /// <summary>
    /// Profiles of consecutive patches: of N patches and K profiles, profile j has those from number j·N/K on, N/10 of them, behind the last
    /// one the first again.
    /// </summary>
    /// <exception cref="ReflinkException">EINVAL: no profile, more profiles than patches, or fewer patches than ten.</exception>
    public static PatchChoice Consecutive(PatchSet patches, int profiles)
    {
        var (count, size) = (patches.Count, patches.Count / Part);
        if (size == 0 || profiles < 1 || profiles > count)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"{Counted.Of(profiles, "profile")} of a tenth of {Sites(count)}; take {Part} sites or more, and from 1 to as many profiles as sites");
        }

        var facts = new ChoiceFacts(Text($"{Counted.Of(profiles, "profile")} of {size:n0} consecutive ones, processes in turn"), profiles, size);
        return new(patches, facts, [.. Enumerable.Range(0, profiles).Select(j => Subset(
            patches, Enumerable.Range(0, size).Select(i => (int)((((long)j * count / profiles) + i) % count))))]);
    }

    /// <summary>
    /// For each process a random part of the patches: exactly N·percent/100 different ones, rounded, drawn process by process with one
    /// SplitMix64 generator by selection sampling, so that more processes do not change what the first ones have.
    /// </summary>
    /// <exception cref="ReflinkException">EINVAL: the percentage is not above 0 and up to 100, it is less than one patch, or no process.</exception>
    public static PatchChoice Random(PatchSet patches, decimal percent, int processes, ulong seed)
    {
        var size = percent is > 0 and <= 100 ? (int)Math.Round(patches.Count * percent / 100, MidpointRounding.AwayFromZero) : 0;
        if (size == 0 || processes < 1)
        {
            throw new ReflinkException(
                Errno.EINVAL,
                Text($"{percent} % of {Sites(patches.Count)} for each of {Counted.Of(processes, "process", "processes")}; take more than 0 % and up to 100 %, at least one site, and one process or more"));
        }

        var random = new SplitMix(seed);
        var facts = new ChoiceFacts(Text($"a random {percent} % of them in each process: {size:n0}, seed {seed}"), processes, size, seed);
        return new(patches, facts, [.. Enumerable.Range(0, processes).Select(_ => Subset(patches, random.Draw(size, patches.Count)))]);
    }

    private static PatchSet Subset(PatchSet all, IEnumerable<int> numbers)
    {
        var builder = new PatchSetBuilder(all.Target);
        foreach (var i in numbers)
        {
            builder.Add(all.Offset(i), all.Old(i), all.New(i), all.Name(i));
        }

        return builder.Build();
    }

    private static string Sites(int count) => Counted.Of(count, "site");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

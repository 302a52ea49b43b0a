using System.Globalization;
using Reflink.Elf;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Patches a binary in many processes by one mechanism, as <c>reflink compare</c> does. A mechanism that cannot do it records why.</summary>
internal sealed class CompareAction(string file, YamlPiece at, IReadOnlyDictionary<string, Template> options) : FigureAction(file, at, options)
{
    private static readonly (string Name, Func<MechanismFigures, long> Of)[] s_figures =
    [
        ("patched_frames", f => f.PatchedFrames), ("expected_frames", f => f.ExpectedFrames), ("private_frames", f => f.PrivateFrames),
        ("total_frames", f => f.TotalFrames), ("patch_peak_frames", f => f.PatchPeakFrames), ("pss_bytes", f => f.PssBytes),
        ("private_dirty_bytes", f => f.PrivateDirtyBytes), ("mappings", f => f.VmasPerProcess), ("caller_ns", f => f.CallerNs), ("daemon_ns", f => f.DaemonNs),
        ("exposed", f => f.ExposedPairs), ("frames_after_revert", f => f.FramesAfterRevert), ("cached_after_exit", f => f.CachedAfterExit),
    ];

    /// <summary>What it takes.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["mechanism", "binary", "sites", "spread", "patch", "processes", "users", "domain", "profiles", "random"];

    /// <summary>What it records.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["refused", .. s_figures.Select(f => f.Name)];

    protected override IReadOnlyList<string> Recorded => Columns;

    protected override string Command => "Compare";

    protected override IEnumerable<object?> Figures(ActionContext context)
    {
        var (plan, make) = (Plan(context), MechanismCatalog.Find(Text(context, "mechanism", ""), [Choice(context, "domain", SharingDomain.Machine)]).First());
        var refused = make().Refuses(plan);
        var figures = refused is null ? new PatchComparison(plan, [make]).Run(null, context.Cancel).Mechanisms[0] : null;
        return [refused ?? "", .. s_figures.Select(f => figures is null ? null : (object)f.Of(figures))];
    }

    protected override void Check(Rehearsal rehearsal)
    {
        RequireFile(rehearsal, "binary", DefaultBinary.Find());
        RequireCounts(rehearsal, "spread", "processes", "users");
        RequireWord(rehearsal, "mechanism", MechanismCatalog.AllNames);
        RequireWord(rehearsal, "sites", NamesOf<SiteKind>());
        RequireWord(rehearsal, "patch", NamesOf<PatchKind>());
        RequireWord(rehearsal, "domain", NamesOf<SharingDomain>());
        if (Known(rehearsal, "random") is { } percent && !(decimal.TryParse(percent, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part <= 100))
        {
            Refuse(rehearsal, "random", $"'{percent}' is no percentage; it takes a number up to 100, such as 2.5, or 0 for all sites");
        }
    }

    private ComparisonPlan Plan(ActionContext context)
    {
        var elf = ElfFile.Open(Text(context, "binary", DefaultBinary.Find()));
        var kind = Choice(context, "sites", SiteKind.Functions);
        var sites = SiteFinder.Find(elf, kind, out _);
        if (sites.Count == 0)
        {
            throw new ReflinkException(Errno.ENOEXEC, $"'{elf.Path}' has no {SiteFinder.Source(kind)}; name another binary, or other sites");
        }

        var patches = SitePatches.Plan(elf, FunctionSites.Spread(sites, Count(context, "spread", 30_000)), Choice(context, "patch", PatchKind.Int3)).Patches;
        var processes = Count(context, "processes", 50);
        var (profiles, random) = (Count(context, "profiles", 0), decimal.Parse(Text(context, "random", "0"), CultureInfo.InvariantCulture));
        var choice = profiles > 0 ? PatchChoice.Consecutive(patches, profiles)
            : random > 0 ? PatchChoice.Random(patches, random, processes, (ulong)(long)context.ValueOf("seed"))
            : PatchChoice.All(patches);
        return new ComparisonPlan(elf, choice, processes, Math.Min(processes, Count(context, "users", 5)));
    }
}

using System.Globalization;
using Reflink.Elf;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>
/// Patches a binary in many processes by one mechanism, on machines of its own, as <c>reflink compare</c> does, and records what it cost.
/// A mechanism that cannot do it records why.
/// </summary>
internal sealed class CompareAction(string file, YamlPiece at, IReadOnlyDictionary<string, Template> options) : ScenarioAction
{
    private const string Refused = "refused";

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
    public static IReadOnlyList<string> Columns { get; } = [Refused, .. s_figures.Select(f => f.Name)];

    public override void Do(ActionContext context)
    {
        var (plan, make) = Located.At(file, at, () => (Plan(context), Mechanism(context)));
        var refused = make().Refuses(plan);
        var figures = refused is null ? Located.At(file, at, () => new PatchComparison(plan, [make]).Run(null, context.Cancel).Mechanisms[0]) : null;
        Keep(context, Refused, refused ?? "");
        foreach (var (name, of) in s_figures)
        {
            Keep(context, name, figures is null ? null : of(figures));
        }
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        if (Word("mechanism") is { } mechanism && !MechanismCatalog.AllNames.Contains(mechanism))
        {
            rehearsal.Add(options["mechanism"].At, $"there is no mechanism '{mechanism}'; {Words.Known(mechanism, MechanismCatalog.AllNames)}");
        }

        if (Word("binary") is { } binary && !File.Exists(binary))
        {
            rehearsal.Add(options["binary"].At, $"'compare' needs the file '{binary}', which this computer does not have; name another");
        }

        foreach (var name in (string[])["spread", "processes", "users", "profiles"])
        {
            if (Word(name) is { } text && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && (count > 0 || name == "profiles")))
            {
                rehearsal.Add(options[name].At, $"'{text}' is no number of {name}; it takes a whole number above 0");
            }
        }

        foreach (var column in Columns)
        {
            rehearsal.SetValue(column, null);
        }

        string? Word(string name) => options.TryGetValue(name, out var template) ? rehearsal.Text(template) : null;
    }

    private ComparisonPlan Plan(ActionContext context)
    {
        var elf = ElfFile.Open(Text(context, "binary", DefaultBinary.Find()));
        var kind = Choice<SiteKind>(context, "sites", SiteKind.Functions);
        var sites = SiteFinder.Find(elf, kind, out _);
        if (sites.Count == 0)
        {
            throw new ReflinkException(Errno.ENOEXEC, $"'{elf.Path}' has no {SiteFinder.Source(kind)}; name another binary, or other sites");
        }

        var patches = SitePatches.Plan(elf, FunctionSites.Spread(sites, Count(context, "spread", 30_000)), Choice<PatchKind>(context, "patch", PatchKind.Int3)).Patches;
        var processes = Count(context, "processes", 50);
        var (profiles, random) = (Count(context, "profiles", 0), decimal.Parse(Text(context, "random", "0"), CultureInfo.InvariantCulture));
        var choice = profiles > 0 ? PatchChoice.Consecutive(patches, profiles)
            : random > 0 ? PatchChoice.Random(patches, random, processes, (ulong)(long)context.ValueOf("seed"))
            : PatchChoice.All(patches);
        return new ComparisonPlan(elf, choice, processes, Math.Min(processes, Count(context, "users", 5)));
    }

    private Func<IMechanism> Mechanism(ActionContext context) =>
        MechanismCatalog.Find(context.Text(options["mechanism"]), [Choice<SharingDomain>(context, "domain", SharingDomain.Machine)]).First();

    private static void Keep(ActionContext context, string name, object? value)
    {
        context.Findings.Record(name, value);
        context.SetValue(name, value ?? "");
    }

    private int Count(ActionContext context, string name, int usual) =>
        options.TryGetValue(name, out var template) ? int.Parse(context.Text(template), NumberStyles.None, CultureInfo.InvariantCulture) : usual;

    private string Text(ActionContext context, string name, string usual) => options.TryGetValue(name, out var template) ? context.Text(template) : usual;

    private T Choice<T>(ActionContext context, string name, T usual)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(context, name, usual.ToString()).Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) ? value
        : throw new ReflinkException(Errno.EINVAL, $"there is no {name} '{Text(context, name, "")}'; {Words.Known(Text(context, name, ""), [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())])}");
}

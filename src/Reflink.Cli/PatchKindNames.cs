using System.CommandLine;
using System.Globalization;
using Reflink.Elf;
using Reflink.Studies;

namespace Reflink.Cli;

/// <summary>Kinds of patches as options spell them, and what is said of sites that take none.</summary>
internal static class PatchKindNames
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<PatchKind>().Select(Of)];

    public static string Of(PatchKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The option that chooses one; without a usual value it may be left out.</summary>
    public static Option<string> Option(string description, PatchKind? usual)
    {
        var option = OptionKinds.Choice("--patch", All, description, usual is { } kind ? Of(kind) : null);
        option.Required = false;
        return option;
    }

    public static PatchKind Parse(string name) => Enum.Parse<PatchKind>(name, ignoreCase: true);

    /// <summary>How many sites take no patch and why: "2 of 9 sites take no jump: 1 with control flow inside, 1 overlapping another"; null if all do.</summary>
    public static string? LeftOut(SitePlan plan) => plan.Misfits.Count == 0 ? null
        : $"{Number(plan.Misfits.Count)} of {Counted.Of(plan.Misfits.Count + plan.Taken.Count, "site")} {(plan.Misfits.Count == 1 ? "takes" : "take")} no {Of(plan.Kind)}: "
            + string.Join(", ", plan.Misfits.GroupBy(misfit => misfit.Obstacle).OrderBy(group => group.Key).Select(group => $"{Number(group.Count())} {Words(group.Key)}"));

    private static string Words(SiteObstacle obstacle) => obstacle switch
    {
        SiteObstacle.NoCode => "outside of code",
        SiteObstacle.Relocated => "under a relocation",
        SiteObstacle.Undecodable => "that cannot be decoded",
        SiteObstacle.TooShort => "without room",
        SiteObstacle.BranchTarget => "with a branch target inside",
        SiteObstacle.ControlFlow => "with control flow inside",
        _ => "overlapping another",
    };

    private static string Number(int number) => number.ToString("n0", CultureInfo.InvariantCulture);
}

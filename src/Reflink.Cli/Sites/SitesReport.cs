using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reflink.Cli.Reporting;
using Reflink.Elf;
using Reflink.Studies;
using Reflink.Studies.Comparison;

namespace Reflink.Cli.Sites;

/// <summary>Sites for people, one a row, and for programs, as JSON and CSV.</summary>
internal static class SitesReport
{
    private static readonly JsonSerializerOptions s_format = new(JsonFormat.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Report Text(ElfFile elf, IReadOnlyList<SiteList> lists, string? glob)
    {
        var patch = lists[0].Planned is { } planned ? PatchKindNames.Of(planned.Plan.Kind) : null;
        return new Report()
            .Line(elf.Path, $"build-id {elf.BuildId ?? "none"}")
            .Table(new(
                "", ["kind", "file offset", "size", .. patch is null ? (Column[])[] : [patch], "name"],
                [.. lists.SelectMany(list => list.Sites, (list, site) => Row(site, list.Planned, patch))]))
            .Notes(lists.SelectMany(list => Summary(elf, list, glob)));
    }

    private static IReadOnlyList<object?> Row(Site site, PlannedSites? planned, string? patch)
    {
        var misfit = planned?.MisfitOf(site);
        var name = (site.Name ?? "-") + (site.Detail is { } detail ? $"  {detail}" : "") + (site.Semaphore is { } semaphore ? $"  semaphore {Hex(semaphore)}" : "")
            + (misfit is null ? "" : $"  no {patch}: {misfit.Reason}");
        return
        [
            SiteKindNames.Of(site.Kind), Quantity.Of(Hex(site.Offset)), (long)site.Size,
            .. planned is null ? (object?[])[] : [misfit is null ? (long)planned.LengthAt(site) : null], name,
        ];
    }

    public static string Json(ElfFile elf, IReadOnlyList<SiteList> lists) => JsonSerializer.Serialize(
        new
        {
            Binary = new BinaryFacts(elf.Path, elf.BuildId, elf.TextPages),
            Kinds = lists.Select(list => new { Kind = SiteKindNames.Of(list.Kind), Sites = list.Sites.Count, list.Names, list.Pages, Patch = Sums(list.Planned?.Plan), LeftOut = list.Unusable.Count == 0 ? null : list.Unusable }),
            Sites = lists.SelectMany(list => list.Sites, (list, site) => (list.Planned, site)).Select(both => new
            {
                Kind = SiteKindNames.Of(both.site.Kind),
                FileOffset = Hex(both.site.Offset),
                both.site.Size,
                both.site.Name,
                both.site.Detail,
                Semaphore = both.site.Semaphore is { } semaphore ? Hex(semaphore) : null,
                Patch = Patch(both.Planned, both.site),
            }),
        },
        s_format) + "\n";

    public static string Csv(IReadOnlyList<SiteList> lists) => Reporting.Csv.Of(lists.SelectMany(list => list.Sites, (list, site) => (list.Planned, site)).Select(both => new
    {
        Kind = SiteKindNames.Of(both.site.Kind),
        FileOffset = Hex(both.site.Offset),
        both.site.Size,
        both.site.Name,
        both.site.Detail,
        Semaphore = both.site.Semaphore is { } semaphore ? Hex(semaphore) : null,
        PatchLength = both.Planned is { } planned && planned.MisfitOf(both.site) is null ? planned.LengthAt(both.site) : (int?)null,
        Obstacle = both.Planned?.MisfitOf(both.site)?.Reason,
    }));

    /// <summary>How many sites take the patch, and how many do not for which reason.</summary>
    private static object? Sums(SitePlan? plan) => plan is null ? null : new
    {
        Kind = PatchKindNames.Of(plan.Kind),
        Fits = plan.Taken.Count,
        Misfits = plan.Misfits.CountBy(misfit => misfit.Obstacle).OrderBy(count => count.Key).ToDictionary(count => Key(count.Key), count => count.Value),
    };

    private static object? Patch(PlannedSites? planned, Site site) => planned is null ? null
        : planned.MisfitOf(site) is { } misfit ? new { Fits = false, Obstacle = Key(misfit.Obstacle), misfit.Reason }
        : new { Fits = true, Length = planned.LengthAt(site) };

    private static string Key(SiteObstacle obstacle) => JsonNamingPolicy.CamelCase.ConvertName(obstacle.ToString());

    private static IEnumerable<string> Summary(ElfFile elf, SiteList list, string? glob)
    {
        var kind = SiteKindNames.Of(list.Kind);
        yield return list.All == 0 ? $"{kind}: no sites; the file has no {SiteFinder.Source(list.Kind)}"
            : list.Sites.Count == 0 ? $"{kind}: none of {Counted.Of(list.All, "site")} matches '{glob}'"
            : $"{kind}: {(list.Sites.Count < list.All ? $"{Number(list.Sites.Count)} of " : "")}{Counted.Of(list.All, "site")}, "
                + $"{Counted.Of(list.Names, "name")}, on {Number(list.Pages)} of {Counted.Of(elf.TextPages, "page")} of text";
        if (list.Planned is { Plan: var plan } && list.Sites.Count > 0)
        {
            yield return $"{kind}: {PatchKindNames.LeftOut(plan) ?? $"every site takes the {PatchKindNames.Of(plan.Kind)}"}";
        }
    }

    private static string Hex(long offset) => $"0x{offset:x}";

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}

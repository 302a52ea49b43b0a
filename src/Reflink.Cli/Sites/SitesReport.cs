using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reflink.Elf;
using Reflink.Studies;
using Reflink.Studies.Comparison;

namespace Reflink.Cli.Sites;

/// <summary>Sites for people, one a line, and for programs, as JSON.</summary>
internal static class SitesReport
{
    private static readonly JsonSerializerOptions s_format = new(JsonFormat.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Text(ElfFile elf, IReadOnlyList<SiteList> lists, string? glob)
    {
        var text = new StringBuilder($"{elf.Path}, build-id {elf.BuildId ?? "none"}\n");
        var patch = lists[0].Planned is { } planned ? PatchKindNames.Of(planned.Plan.Kind) : null;
        if (lists.Any(list => list.Sites.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"kind       file offset     size  {(patch is null ? "" : $"{patch,4}  ")}name\n");
        }

        foreach (var (list, site) in lists.SelectMany(list => list.Sites, (list, site) => (list, site)))
        {
            var misfit = list.Planned?.MisfitOf(site);
            text.Append(CultureInfo.InvariantCulture, $"{SiteKindNames.Of(site.Kind),-9}  {Hex(site.Offset),11}  {site.Size,7}  ");
            text.Append(list.Planned is null ? "" : misfit is not null ? "   -  " : string.Create(CultureInfo.InvariantCulture, $"{list.Planned.LengthAt(site),4}  "));
            text.Append(site.Name ?? "-");
            text.Append(site.Detail is { } detail ? $"  {detail}" : "");
            text.Append(site.Semaphore is { } semaphore ? $"  semaphore {Hex(semaphore)}" : "");
            text.Append(misfit is null ? "\n" : $"  no {patch}: {misfit.Reason}\n");
        }

        foreach (var list in lists)
        {
            text.Append(Summary(elf, list, glob)).Append('\n');
            if (list.Planned is { Plan: var plan } && list.Sites.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{SiteKindNames.Of(list.Kind)}: {PatchKindNames.LeftOut(plan) ?? $"every site takes the {PatchKindNames.Of(plan.Kind)}"}\n");
            }
        }

        return text.ToString();
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

    private static string Summary(ElfFile elf, SiteList list, string? glob)
    {
        var kind = SiteKindNames.Of(list.Kind);
        return list.All == 0 ? $"{kind}: no sites; the file has no {SiteFinder.Source(list.Kind)}"
            : list.Sites.Count == 0 ? $"{kind}: none of {Counted.Of(list.All, "site")} matches '{glob}'"
            : $"{kind}: {(list.Sites.Count < list.All ? $"{Number(list.Sites.Count)} of " : "")}{Counted.Of(list.All, "site")}, "
                + $"{Counted.Of(list.Names, "name")}, on {Number(list.Pages)} of {Counted.Of(elf.TextPages, "page")} of text";
    }

    private static string Hex(long offset) => $"0x{offset:x}";

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}

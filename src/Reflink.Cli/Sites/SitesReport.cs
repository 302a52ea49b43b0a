using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reflink.Elf;
using Reflink.Studies.Comparison;

namespace Reflink.Cli.Sites;

/// <summary>Sites for people, one a line, and for programs, as JSON.</summary>
internal static class SitesReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(ElfFile elf, IReadOnlyList<SiteList> lists, string? glob)
    {
        var text = new StringBuilder($"{elf.Path}, build-id {elf.BuildId ?? "none"}\n");
        if (lists.Any(list => list.Sites.Count > 0))
        {
            text.Append("kind       file offset     size  name\n");
        }

        foreach (var site in lists.SelectMany(list => list.Sites))
        {
            text.Append(CultureInfo.InvariantCulture, $"{SiteKindNames.Of(site.Kind),-9}  {Hex(site.Offset),11}  {site.Size,7}  {site.Name ?? "-"}");
            text.Append(site.Detail is { } detail ? $"  {detail}" : "");
            text.Append(site.Semaphore is { } semaphore ? $"  semaphore {Hex(semaphore)}\n" : "\n");
        }

        foreach (var list in lists)
        {
            text.Append(Summary(elf, list, glob)).Append('\n');
        }

        return text.ToString();
    }

    public static string Json(ElfFile elf, IReadOnlyList<SiteList> lists) => JsonSerializer.Serialize(
        new
        {
            Binary = new BinaryFacts(elf.Path, elf.BuildId, elf.TextPages),
            Kinds = lists.Select(list => new { Kind = SiteKindNames.Of(list.Kind), Sites = list.Sites.Count, list.Names, list.Pages }),
            Sites = lists.SelectMany(list => list.Sites).Select(site => new
            {
                Kind = SiteKindNames.Of(site.Kind),
                FileOffset = Hex(site.Offset),
                site.Size,
                site.Name,
                site.Detail,
                Semaphore = site.Semaphore is { } semaphore ? Hex(semaphore) : null,
            }),
        },
        Format) + "\n";

    private static string Summary(ElfFile elf, SiteList list, string? glob)
    {
        var kind = SiteKindNames.Of(list.Kind);
        return list.All == 0 ? $"{kind}: no sites; the file has no {SiteFinder.Source(list.Kind)}"
            : list.Sites.Count == 0 ? $"{kind}: none of {Count(list.All, "site")} matches '{glob}'"
            : $"{kind}: {(list.Sites.Count < list.All ? $"{Number(list.Sites.Count)} of " : "")}{Count(list.All, "site")}, "
                + $"{Count(list.Names, "name")}, on {Number(list.Pages)} of {Count(elf.TextPages, "page")} of text";
    }

    private static string Hex(long offset) => $"0x{offset:x}";

    private static string Count(long number, string what) => $"{Number(number)} {what}{(number == 1 ? "" : "s")}";

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}

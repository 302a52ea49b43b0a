using System.CommandLine;
using System.Text.Json;
using Reflink.Cli.Reporting;
using Reflink.Studies;

namespace Reflink.Cli.Patch;

/// <summary>Prints what is in a patch set.</summary>
internal sealed class ShowCommand : Command, IHasExamples
{
    private readonly Argument<string> _file = OptionKinds.File("FILE", "A patch-set file, text or JSON");
    private readonly ReportOptions _report = new();

    public ShowCommand()
        : base("show", "Shows which file a patch set is for, its identity, and what it changes.")
    {
        Arguments.Add(_file);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
        [("reflink patch show some.patches", "what the set is for and every patch of it")];

    private int Run(ParseResult line)
    {
        var set = PatchFiles.Read(line.GetValue(_file)!);
        _report.Write(line, () => Text(set), () => Json(set), () => Csv.Of(Patches(set)));
        return ExitCode.Success;
    }

    private static Report Text(PatchSet set)
    {
        var target = set.Target;
        (string, object?)[] facts =
        [
            ("name", set.Label), ("file", target.FileName ?? "not named"), ("build-id", target.BuildId ?? "none"),
            ("size", target.FileSize is { } size ? Counted.Of(size, "byte") : "unknown"), ("sha256", target.Content), ("id", set.Id),
            ("patches", $"{set.Count:n0}"), ("bytes", $"{set.ByteCount:n0}"), ("pages", $"{set.CountPages():n0}"),
        ];
        var report = new Report().Facts(facts.Where(fact => fact.Item2 is not null)!);
        return set.Count == 0 ? report : report.Blank().Table(new(
            "", ["file offset", "old", "new", "name"],
            [.. Patches(set).Select(patch => (IReadOnlyList<object?>)[Quantity.Of(patch.Offset), patch.Old, patch.New, patch.Name ?? "-"])]));
    }

    private static string Json(PatchSet set) => JsonSerializer.Serialize(
        new
        {
            name = set.Label,
            file = set.Target.FileName,
            set.Target.BuildId,
            size = set.Target.FileSize,
            sha256 = set.Target.Content?.ToString(),
            id = set.Id.ToString(),
            pages = set.CountPages(),
            bytes = set.ByteCount,
            patches = Patches(set),
        },
        JsonFormat.Options) + "\n";

    private static IEnumerable<ShownPatch> Patches(PatchSet set) => Enumerable.Range(0, set.Count).Select(i => new ShownPatch(
        $"0x{set.Offset(i):x}", Convert.ToHexStringLower(set.Old(i)), Convert.ToHexStringLower(set.New(i)), set.Name(i)));

    private sealed record ShownPatch(string Offset, string Old, string New, string? Name);
}

using System.CommandLine;
using System.Text.Json;
using Reflink.Cli.Reporting;
using Reflink.Descriptions.Formats;
using Reflink.Descriptions.Pieces;
using Reflink.Studies;

namespace Reflink.Cli.Describing;

/// <summary>Prints a description for people.</summary>
internal sealed class ShowCommand : Command, IHasExamples
{
    private const int Shown = 40;
    private const int ShownBytes = 16;

    private readonly Argument<string> _file = OptionKinds.Input("FILE", "A description in any format, or a patch set; a dash is standard input");
    private readonly Option<bool> _all = new("--all") { Description = $"Show all pieces, not only the first {Shown}" };
    private readonly ReportOptions _report = new();

    public ShowCommand()
        : base("show", "Shows what a description makes: its identity, its bases, its pieces, and how many bytes it takes in each format.")
    {
        Arguments.Add(_file);
        Options.Add(_all);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink derive show changes", "what a description copies and what it gives")];

    private int Run(ParseResult line)
    {
        var description = DescriptionInput.Read(line.GetValue(_file)!);
        var sums = Enum.GetValues<ChangePieceKind>().Select(kind => (Kind: kind, Pieces: Pieces(description).Where(p => p.Kind == kind).ToList())).ToList();
        _report.Write(line, () => Text(description, sums, line.GetValue(_all) ? int.MaxValue : Shown), () => Json(description, sums), () => Csv.Of(Pieces(description).Select(
            p => new { At = $"0x{p.Start:x}", Bytes = p.Length, Kind = Kind(p), From = Source(p, int.MaxValue) })));
        return ExitCode.Success;
    }

    private static string Json(ChangeDescription description, List<(ChangePieceKind Kind, List<ChangePiece> Pieces)> sums) => JsonSerializer.Serialize(
        new
        {
            description.Id,
            description.Size,
            description.Bases,
            pieces = description.Count,
            description.LiteralBytes,
            kinds = sums.ToDictionary(s => s.Kind.ToString().ToLowerInvariant(), s => new { pieces = s.Pieces.Count, bytes = s.Pieces.Sum(p => p.Length) }),
            preconditions = description.Preconditions.Count,
            written = Sizes(description).ToDictionary(s => s.Format, s => s.Bytes),
        },
        JsonFormat.Options) + "\n";

    private static Report Text(ChangeDescription description, List<(ChangePieceKind Kind, List<ChangePiece> Pieces)> sums, int shown)
    {
        var expected = description.Preconditions.Count == 0 ? "nothing of the bytes that are replaced"
            : $"{Counted.Of(description.Preconditions.Sum(p => p.Length), "byte")} in {Counted.Of(description.Preconditions.Count, "range")}";
        var report = new Report()
            .Facts(
            [
                ("id", description.Id), ("size", Counted.Of(description.Size, "byte")),
                .. description.Bases.Select((file, i) => ($"base {i}", (object)$"{file.Name ?? "not named"}, {Counted.Of(file.Size, "byte")}{(file.Root is { } root ? $", root {root}" : "")}")),
                .. sums.Where(s => s.Pieces.Count > 0).Select(s => (Kind(s.Pieces[0]), (object)$"{Counted.Of(s.Pieces.Sum(p => p.Length), "byte")} in {Counted.Of(s.Pieces.Count, "piece")}")),
                ("expects", expected), ("written", string.Join(", ", Sizes(description).Select(s => $"{Counted.Of(s.Bytes, "byte")} of {s.Format}"))),
            ])
            .Blank()
            .Table(new("", ["at", "bytes", "kind", "from"], [.. Pieces(description).Take(shown).Select(p => (IReadOnlyList<object?>)[Quantity.Of($"0x{p.Start:x}"), p.Length, Kind(p), Source(p, ShownBytes)])]));
        return description.Count > shown ? report.Note($"and {description.Count - shown} more; --all shows them") : report;
    }

    private static string Kind(in ChangePiece piece) => piece.Kind.ToString().ToLowerInvariant();

    private static string Source(in ChangePiece piece, int most) => piece.Kind switch
    {
        ChangePieceKind.Copy => $"base {piece.Base} at 0x{piece.Offset:x}",
        ChangePieceKind.Data => Convert.ToHexStringLower(piece.Data.Span[..Math.Min(most, piece.Data.Length)]) + (piece.Data.Length > most ? "…" : ""),
        ChangePieceKind.Fill => $"0x{piece.Value:x2}",
        _ => "",
    };

    private static IEnumerable<ChangePiece> Pieces(ChangeDescription description) => Enumerable.Range(0, description.Count).Select(i => description[i]);

    private static IEnumerable<(string Format, int Bytes)> Sizes(ChangeDescription description) =>
        Enum.GetValues<DescriptionFormat>().Select(f => (f.ToString().ToLowerInvariant(), DescriptionFiles.Write(description, f).Length));
}

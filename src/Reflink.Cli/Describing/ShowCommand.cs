using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Reflink.Descriptions;
using Reflink.Descriptions.Formats;
using Reflink.Descriptions.Pieces;
using Reflink.Machines;
using Reflink.Units;

namespace Reflink.Cli.Describing;

/// <summary>Prints a description for people.</summary>
internal sealed class ShowCommand : Command, IHasExamples
{
    private const int Shown = 40;

    private readonly Argument<string> _file = OptionKinds.Input("FILE", "A description in any format, or a patch set; a dash is standard input");
    private readonly Option<bool> _all = new("--all") { Description = $"Show all pieces, not only the first {Shown}" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    public ShowCommand()
        : base("show", "Shows what a description makes: its identity, its bases, its pieces, and how many bytes it takes in each format.")
    {
        Arguments.Add(_file);
        Options.Add(_all);
        Options.Add(_json);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink derive show changes", "what a description copies and what it gives")];

    private int Run(ParseResult line)
    {
        var description = DescriptionInput.Read(line.GetValue(_file)!);
        var sums = Enum.GetValues<ChangePieceKind>().Select(kind => (Kind: kind, Pieces: Pieces(description).Where(p => p.Kind == kind).ToList())).ToList();
        Console.Out.Write(line.GetValue(_json) ? Json(description, sums) : Text(description, sums, line.GetValue(_all) ? int.MaxValue : Shown));
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

    private static string Text(ChangeDescription description, List<(ChangePieceKind Kind, List<ChangePiece> Pieces)> sums, int shown)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"id       {description.Id}\nsize     {description.Size} bytes\n");
        foreach (var (index, file) in description.Bases.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"base {index}   {file.Name ?? "not named"}, {file.Size} bytes{(file.Root is { } root ? $", root {root}" : "")}\n");
        }

        foreach (var (kind, pieces) in sums.Where(s => s.Pieces.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"{kind.ToString().ToLowerInvariant(),-8} {pieces.Sum(p => p.Length)} bytes in {pieces.Count} {(pieces.Count == 1 ? "piece" : "pieces")}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"expects  {(description.Preconditions.Count == 0 ? "nothing of the bytes that are replaced" : $"{description.Preconditions.Sum(p => p.Length)} bytes in {description.Preconditions.Count} {(description.Preconditions.Count == 1 ? "range" : "ranges")}")}\n");
        text.Append(CultureInfo.InvariantCulture, $"written  {string.Join(", ", Sizes(description).Select(s => $"{s.Bytes} bytes of {s.Format}"))}\n\n");
        var rows = Pieces(description).Take(shown).Select(p => (IReadOnlyList<object?>)[$"0x{p.Start:x}", p.Length, p.Kind.ToString().ToLowerInvariant(), Source(p)]).ToList();
        text.AppendJoin('\n', new SnapshotTable("", ["at", "bytes", "kind", "from"], rows).Lines()).Append('\n');
        if (description.Count > shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"and {description.Count - shown} more; --all shows them\n");
        }

        return text.ToString();
    }

    private static string Source(in ChangePiece piece) => piece.Kind switch
    {
        ChangePieceKind.Copy => $"base {piece.Base} at 0x{piece.Offset:x}",
        ChangePieceKind.Data => Convert.ToHexStringLower(piece.Data.Span[..Math.Min(16, piece.Data.Length)]) + (piece.Data.Length > 16 ? "…" : ""),
        ChangePieceKind.Fill => $"0x{piece.Value:x2}",
        _ => "",
    };

    private static IEnumerable<ChangePiece> Pieces(ChangeDescription description) => Enumerable.Range(0, description.Count).Select(i => description[i]);

    private static IEnumerable<(string Format, int Bytes)> Sizes(ChangeDescription description) =>
        Enum.GetValues<DescriptionFormat>().Select(f => (f.ToString().ToLowerInvariant(), DescriptionFiles.Write(description, f).Length));
}

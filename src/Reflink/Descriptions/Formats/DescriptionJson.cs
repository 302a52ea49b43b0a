using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions.Formats;

/// <summary>Descriptions as JSON; it carries what <see cref="DescriptionText"/> does, and nothing else. A piece has a line, so that version control shows what changed.</summary>
internal static class DescriptionJson
{
    public const string FormatKey = "format";
    public const string BasesKey = "bases";
    public const string PiecesKey = "pieces";
    public const string EditsKey = "edits";
    public const string ExpectKey = "expect";
    public const string DoKey = "do";
    public const string SizeKey = "size";
    public const string RootKey = "root";
    public const string NameKey = "name";
    public const string OffsetKey = "offset";
    public const string LengthKey = "length";
    public const string HashKey = "hash";

    /// <summary>The description as JSON.</summary>
    public static string Write(ChangeDescription description)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\n  \"{FormatKey}\": \"{DescriptionText.FirstLine}\"");
        AppendList(text, BasesKey, description.Bases.Select(b =>
            $"{(b.Name is { } name ? $"\"{NameKey}\": \"{JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\", " : "")}\"{SizeKey}\": {b.Size}{(b.Root is { } root ? $", \"{RootKey}\": \"{root}\"" : "")}"));
        if (description is { Size: 0, Bases.Count: > 0 })
        {
            AppendList(text, EditsKey, [$"\"{DoKey}\": \"truncate\", \"{SizeKey}\": \"0x0\""]);
        }
        else
        {
            AppendList(text, PiecesKey, Enumerable.Range(0, description.Count).Select(i => Piece(description[i])));
        }

        AppendList(text, ExpectKey, description.Preconditions.Select(p =>
            $"\"{EditForm.BaseKey}\": {p.Base}, \"{OffsetKey}\": \"0x{p.Offset:x}\", \"{LengthKey}\": \"0x{p.Length:x}\", \"{DescriptionText.WordOf(p.Kind)}\": \"{Convert.ToHexStringLower(p.Expected.Span)}\""));
        return text.Append("\n}\n").ToString();
    }

    private static void AppendList(StringBuilder text, string key, IEnumerable<string> entries)
    {
        var isEmpty = true;
        foreach (var entry in entries)
        {
            text.Append(isEmpty ? $",\n  \"{key}\": [\n" : ",\n").Append("    { ").Append(entry).Append(" }");
            isEmpty = false;
        }

        text.Append(isEmpty ? key == PiecesKey ? $",\n  \"{key}\": []" : "" : "\n  ]");
    }

    private static string Piece(in ChangePiece piece) => $"\"{DoKey}\": " + piece.Kind switch
    {
        ChangePieceKind.Copy => $"\"copy\", \"{EditForm.BaseKey}\": {piece.Base}, \"{OffsetKey}\": \"0x{piece.Offset:x}\", \"{LengthKey}\": \"0x{piece.Length:x}\"",
        ChangePieceKind.Data => $"\"data\", \"{EditForm.BytesKey}\": \"{Convert.ToHexStringLower(piece.Data.Span)}\"",
        ChangePieceKind.Fill => $"\"fill\", \"value\": {piece.Value}, \"{LengthKey}\": \"0x{piece.Length:x}\"",
        _ => $"\"hole\", \"{LengthKey}\": \"0x{piece.Length:x}\"",
    };
}

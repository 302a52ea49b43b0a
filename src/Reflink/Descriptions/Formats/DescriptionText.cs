using System.Globalization;
using System.Text;
using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions.Formats;

/// <summary>Descriptions as text: a line for each base, piece and expectation.</summary>
internal static class DescriptionText
{
    /// <summary>The first line; the number is the format's version.</summary>
    public const string FirstLine = "reflink-change-description 1";

    /// <summary>Begins a line about a base.</summary>
    public const string Base = "base";

    /// <summary>Begins a line about what a base must hold.</summary>
    public const string Expect = "expect";

    /// <summary>The words for kinds of expectations.</summary>
    public static string WordOf(PreconditionKind kind) => kind == PreconditionKind.Bytes ? "bytes" : "hash";

    /// <summary>The description as text.</summary>
    public static string Write(ChangeDescription description)
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        foreach (var file in description.Bases)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Base} size={file.Size}");
            text.Append(file.Root is { } root ? $" root={root}" : "").Append(file.Name is { } name ? $" name={name}" : "").Append('\n');
        }

        if (description is { Size: 0, Bases.Count: > 0 })
        {
            text.Append("truncate 0x0\n");
        }

        for (var i = 0; i < description.Count; i++)
        {
            Append(text, description[i]);
        }

        foreach (var condition in description.Preconditions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Expect} {condition.Base} 0x{condition.Offset:x} 0x{condition.Length:x} {WordOf(condition.Kind)} {Convert.ToHexStringLower(condition.Expected.Span)}\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, in ChangePiece piece) => _ = piece.Kind switch
    {
        ChangePieceKind.Copy => text.Append(CultureInfo.InvariantCulture, $"copy {piece.Base} 0x{piece.Offset:x} 0x{piece.Length:x}\n"),
        ChangePieceKind.Data => text.Append(CultureInfo.InvariantCulture, $"data {Convert.ToHexStringLower(piece.Data.Span)}\n"),
        ChangePieceKind.Fill => text.Append(CultureInfo.InvariantCulture, $"fill 0x{piece.Value:x2} 0x{piece.Length:x}\n"),
        _ => text.Append(CultureInfo.InvariantCulture, $"hole 0x{piece.Length:x}\n"),
    };
}

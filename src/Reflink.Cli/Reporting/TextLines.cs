using System.Text;

namespace Reflink.Cli.Reporting;

/// <summary>Text in lines of a width.</summary>
internal static class TextLines
{
    /// <summary>What belongs to the line above is indented by so many.</summary>
    public const int Hanging = 2;

    /// <summary>Puts as many words on a line as fit; a word that is longer than a line has one to itself.</summary>
    public static IEnumerable<string> Wrap(IEnumerable<string> words, int width)
    {
        var line = new StringBuilder();
        foreach (var word in words)
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString().TrimEnd();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString().TrimEnd();
    }

    /// <summary>A sentence, whose further lines are indented. A command line of a shell stays one: its lines end with a backslash.</summary>
    public static IEnumerable<string> Paragraph(string text, int width)
    {
        var isShell = text.StartsWith("$ ", StringComparison.Ordinal) && text.Length > width;
        var lines = Wrap(text.Split(' '), text.Length <= width ? width : width - Hanging - (isShell ? 2 : 0)).ToList();
        return lines.Select((line, i) => (i == 0 ? "" : new string(' ', Hanging)) + line + (isShell && i < lines.Count - 1 ? " \\" : ""));
    }

    /// <summary>A heading, broken at spaces and behind underscores.</summary>
    public static IReadOnlyList<string> Heading(string heading, int width)
    {
        var lines = new List<string>();
        foreach (var piece in Pieces(heading))
        {
            if (lines.Count > 0 && (lines[^1] + piece).TrimEnd().Length <= width)
            {
                lines[^1] += piece;
            }
            else
            {
                lines.Add(piece);
            }
        }

        return [.. lines.Select(line => line.TrimEnd())];
    }

    /// <summary>The width of a heading on at most so many lines.</summary>
    public static int HeadingWidth(string heading, int lines)
    {
        var width = Pieces(heading).Select(piece => piece.TrimEnd().Length).DefaultIfEmpty().Max();
        while (Heading(heading, width).Count > lines)
        {
            width++;
        }

        return width;
    }

    private static IEnumerable<string> Pieces(string heading)
    {
        for (var at = 0; at < heading.Length;)
        {
            var end = heading.AsSpan(at).IndexOfAny(' ', '_');
            var next = end < 0 ? heading.Length : at + end + 1;
            yield return heading[at..next];
            at = next;
        }
    }
}

using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>Files and methods stay short enough to be read at once.</summary>
public static partial class LengthRule
{
    public const int FileLines = 400;
    public const int MethodLines = 50;

    public static IEnumerable<Offence> Check(SourceFile file)
    {
        if (file.LineCount > FileLines)
        {
            yield return new(file.Path, FileLines + 1, $"the file has {file.LineCount} lines, more than {FileLines}");
        }

        foreach (var (line, length) in Bodies(file).Where(b => b.Length > MethodLines))
        {
            yield return new(file.Path, line, $"the method has {length} lines, more than {MethodLines}");
        }
    }

    /// <summary>
    /// The bodies of members: a brace is one if what stands before it declares no type and no data, and no body is around it.
    /// Nested bodies (lambdas, local functions) count with the method that holds them.
    /// </summary>
    private static IEnumerable<(int Line, int Length)> Bodies(SourceFile file)
    {
        var open = new Stack<(bool Body, int Line)>();
        var header = "";
        for (var i = 0; i < file.Code.Count; i++)
        {
            foreach (var c in file.Code[i] + " ")
            {
                if (c == '{')
                {
                    open.Push((IsBody(header) && !open.Any(b => b.Body), i));
                }
                else if (c == '}' && open.TryPop(out var block) && block.Body)
                {
                    yield return (block.Line + 1, i - block.Line + 1);
                }

                header = c is '{' or '}' or ';' ? "" : header + c;
            }
        }
    }

    private static bool IsBody(string header)
    {
        var bare = header;
        for (var before = ""; bare != before;)
        {
            before = bare;
            bare = Parentheses().Replace(bare, "");
        }

        return !TypeHeader().IsMatch(bare) && !DataHeader().IsMatch(bare);
    }

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Parentheses();

    [GeneratedRegex(@"(?:^|\s)(?:class|struct|interface|enum|record|namespace)\s+(?!where\b)[A-Za-z_]")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"(?<![=!<>])=(?![=>])(?!.*=>\s*$)|\bnew\b[^=]*$")]
    private static partial Regex DataHeader();
}

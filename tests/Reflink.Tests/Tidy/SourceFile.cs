using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>A file of the tree: its path from the root, and its lines with and without comments and literals.</summary>
public sealed class SourceFile(string path, string text)
{
    public string Path { get; } = path;

    public string Text { get; } = text.Replace("\r\n", "\n", StringComparison.Ordinal);

    public IReadOnlyList<string> Code { get; } =
        CodeText.Strip(text.Replace("\r\n", "\n", StringComparison.Ordinal)).Split('\n');

    public IReadOnlyList<string> Folders { get; } = path.Split('/')[..^1];

    /// <summary>The file's name up to its first dot: parts of one type are called Type.Part.cs.</summary>
    public string Name => Path.Split('/')[^1].Split('.')[0];

    public int LineCount => Text.TrimEnd('\n').Split('\n').Length;

    /// <summary>The project below src, such as Reflink.Elf; null for other files.</summary>
    public string? Project => Folders.Count >= 2 && Folders[0] == "src" ? Folders[1] : null;

    /// <summary>The folder of src/Reflink that the file is in, however deep; null outside the library.</summary>
    public string? Stratum => Project == "Reflink" && Folders.Count > 2 ? Folders[2] : null;

    /// <summary>Every place in the code, comments and literals aside, where the pattern occurs.</summary>
    public IEnumerable<(int Line, Match Match)> Find(Regex pattern) =>
        Code.SelectMany((line, i) => pattern.Matches(line).Select(m => (i + 1, m)));
}

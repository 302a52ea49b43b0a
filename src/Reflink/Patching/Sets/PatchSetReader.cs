using System.Globalization;

namespace Reflink.Patching.Sets;

/// <summary>Reads the text of a patch set line by line, and says where it stopped.</summary>
internal sealed class PatchSetReader(TextReader reader, string source)
{
    private static readonly char[] s_blanks = [' ', '\t'];

    private readonly PatchSetBuilder _builder = new();
    private readonly HashSet<string> _seen = [];
    private int _line;

    internal PatchSet Read()
    {
        var first = NextLine();
        if (first?.TrimEnd(s_blanks) != PatchSetText.FirstLine)
        {
            throw Expected($"'{PatchSetText.FirstLine}'", first ?? "the end of the text");
        }

        while (NextLine() is { } line)
        {
            ReadLine(line.Trim(s_blanks));
        }

        return _builder.Build(source);
    }

    private string? NextLine()
    {
        _line++;
        return reader.ReadLine();
    }

    private void ReadLine(string line)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        if (line.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            ReadEntry(line);
        }
        else
        {
            ReadHeader(line);
        }
    }

    private void ReadEntry(string line)
    {
        var fields = line.Split(s_blanks, 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var offset = ParseOffset(fields[0]);
        var old = ParseBytes(fields, 1, "old bytes");
        var @new = ParseBytes(fields, 2, "new bytes");
        var name = fields.Length > 3 ? fields[3] : null;
        if (PatchSetBuilder.Problem(offset, old, @new, name) is { } problem)
        {
            throw Failure(problem);
        }

        _builder.Add(offset, old, @new, name);
    }

    private long ParseOffset(string field) =>
        PlainText.Offset(field) ?? throw Expected("a file offset in hexadecimal, below 2^63", field);

    private byte[] ParseBytes(string[] fields, int index, string what)
    {
        var field = index < fields.Length ? fields[index] : "the end of the line";
        return index < fields.Length && PlainText.IsHex(field)
            ? Convert.FromHexString(field)
            : throw Expected($"{what} in hexadecimal, two digits a byte", field);
    }

    private void ReadHeader(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var key = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? "" : line[(colon + 1)..].Trim(s_blanks);
        if (colon < 0 || _builder.Count > 0)
        {
            throw Expected(_builder.Count > 0 ? "an entry '0xOFFSET OLD NEW [NAME]'" : "a header line 'KEY: VALUE' or an entry", line);
        }

        if (!_seen.Add(key))
        {
            throw Failure($"a second '{key}' line; expected one at most");
        }

        if (key == PatchSetText.LabelKey)
        {
            _builder.Label = value;
        }
        else
        {
            _builder.Target = WithHeader(key, value);
        }

        if (_builder.HeaderProblem() is { } problem)
        {
            throw Failure(problem);
        }
    }

    private PatchTarget WithHeader(string key, string value) => key switch
    {
        PatchSetText.FileKey => _builder.Target with { FileName = value },
        PatchSetText.BuildIdKey => _builder.Target with { BuildId = value },
        PatchSetText.SizeKey => _builder.Target with { FileSize = ParseSize(value) },
        PatchSetText.ContentKey => _builder.Target with { Content = value },
        _ => throw Expected("'name', 'file', 'build-id', 'size' or 'sha256'", key),
    };

    private long ParseSize(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw Expected("a size in bytes, decimal", value);

    private ReflinkException Expected(string what, string found) => Failure($"expected {what}, found '{found}'");

    private ReflinkException Failure(string problem) => new(Errno.EINVAL, $"{source}:{_line}: {problem}");
}

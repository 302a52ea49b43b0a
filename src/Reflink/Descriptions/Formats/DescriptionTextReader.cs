using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions.Formats;

/// <summary>Reads the text of a description line by line, and says where it stopped.</summary>
internal sealed class DescriptionTextReader(TextReader reader, string source, Func<int, string?, long?>? sizeOf)
{
    private static readonly char[] s_blanks = [' ', '\t'];

    private readonly DescriptionScript _script = new(source);
    private int _line;

    /// <exception cref="ReflinkException">EINVAL: the line, and what was expected there. E2BIG, EFBIG.</exception>
    public ChangeDescription Read()
    {
        var first = NextLine();
        if (first?.TrimEnd(s_blanks) != DescriptionText.FirstLine)
        {
            throw Expected($"'{DescriptionText.FirstLine}'", first ?? "the end of the text");
        }

        while (NextLine() is { } line)
        {
            var words = line.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0][0] != '#')
            {
                ReadLine(line, words);
            }
        }

        return _script.Finish();
    }

    private void ReadLine(string line, string[] words)
    {
        try
        {
            switch (words[0])
            {
                case DescriptionText.Base: ReadBase(line); break;
                case DescriptionText.Expect: ReadExpectation(words); break;
                default: ReadEdit(words); break;
            }
        }
        catch (ReflinkException e) when (!e.Reason.StartsWith($"{source}:{_line}:", StringComparison.Ordinal))
        {
            throw new ReflinkException(e.Error, $"{source}:{_line}: {(e.Reason.StartsWith($"{source}: ", StringComparison.Ordinal) ? e.Reason[(source.Length + 2)..] : e.Reason)}", e);
        }
    }

    // The name comes last and may hold blanks.
    private void ReadBase(string line)
    {
        var at = line.IndexOf("name=", StringComparison.Ordinal);
        var name = at < 0 ? null : line[(at + 5)..].Trim(s_blanks);
        var (size, root) = ((long?)null, (string?)null);
        foreach (var word in (at < 0 ? line : line[..at]).Split(s_blanks, StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            var parts = word.Split('=', 2);
            switch (parts[0])
            {
                case "size" when size is not null: throw Failure("a second 'size'; expected one at most");
                case "size" when parts.Length == 2: size = PlainText.Number(parts[1]) ?? throw Expected("a size in bytes", parts[1]); break;
                case "root" when root is not null: throw Failure("a second 'root'; expected one at most");
                case "root" when parts.Length == 2: root = parts[1]; break;
                default: throw Expected("'size=BYTES', 'root=HEX' or 'name=PATH', the name last", word);
            }
        }

        _script.AddBase(new DescribedBase(size ?? sizeOf?.Invoke(_script.BaseCount, name) ?? throw Failure($"the base '{name}' has no size; write 'size=BYTES'"), name, root));
    }

    private void ReadExpectation(string[] words)
    {
        if (words.Length != 6 || words[4] is not ("bytes" or "hash"))
        {
            throw Expected($"'{DescriptionText.Expect} BASE OFFSET LENGTH bytes|hash HEX'", string.Join(' ', words));
        }

        var file = Number(words[1]);
        _script.Expect(
            file > DescriptionLimits.MaxBases ? -1 : (int)file, Number(words[2]), Number(words[3]),
            words[4] == "bytes" ? PreconditionKind.Bytes : PreconditionKind.Hash, Bytes(words[5]));
    }

    private void ReadEdit(string[] words)
    {
        var form = EditForm.Find(words[0])
            ?? throw Expected($"{string.Join(", ", EditForm.All.Select(f => f.Name))}, {DescriptionText.Base} or {DescriptionText.Expect}", words[0]);
        var count = 1 + form.Numbers.Count + (form.HasBytes ? 1 : 0);
        var hasOld = form.HasOld && words.Length == count + 2 && words[count] == EditForm.OldKey;
        if (words.Length != count && !hasOld)
        {
            throw Expected($"'{Usage(form)}'", string.Join(' ', words));
        }

        _script.Apply(
            form, [.. words.Skip(1).Take(form.Numbers.Count).Select(Number)], form.HasBytes ? Bytes(words[count - 1]) : [], hasOld ? Bytes(words[count + 1]) : []);
    }

    private static string Usage(EditForm form) =>
        $"{form.Name}{string.Concat(form.Numbers.Select(n => $" {n.ToUpperInvariant()}"))}{(form.HasBytes ? " HEX" : "")}{(form.HasOld ? " [old HEX]" : "")}";

    private long Number(string word) => PlainText.Number(word) ?? throw Expected("a number, decimal or in hexadecimal behind 0x, below 2^63", word);

    private byte[] Bytes(string word) => PlainText.IsHex(word) ? Convert.FromHexString(word) : throw Expected("bytes in hexadecimal, two digits a byte", word);

    private string? NextLine()
    {
        _line++;
        return reader.ReadLine();
    }

    private ReflinkException Expected(string what, string found) => Failure($"expected {what}, found '{(found.Length > 60 ? found[..60] + "..." : found)}'");

    private ReflinkException Failure(string problem) => new(Errno.EINVAL, $"{source}:{_line}: {problem}");
}

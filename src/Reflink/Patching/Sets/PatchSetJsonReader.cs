using System.Text;
using System.Text.Json;

namespace Reflink.Patching.Sets;

/// <summary>Reads the JSON of a patch set token by token, and says where it stopped: a document model would have lost the places.</summary>
internal ref struct PatchSetJsonReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _source;
    private readonly PatchSetBuilder _builder = new();
    private Utf8JsonReader _json;

    internal PatchSetJsonReader(byte[] bytes, string source)
    {
        _bytes = bytes;
        _source = source;
        _json = new Utf8JsonReader(_bytes);
    }

    internal PatchSet Read()
    {
        try
        {
            Next(JsonTokenType.StartObject, "an object");
            if (NextKey() != PatchSetJson.FormatKey || NextText("a format") != PatchSetText.FirstLine)
            {
                throw Expected($"'\"{PatchSetJson.FormatKey}\": \"{PatchSetText.FirstLine}\"' first");
            }

            ReadTarget();
            _json.Read();
        }
        catch (JsonException failure)
        {
            // The message repeats the place, counted from 0.
            var what = failure.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
            throw Failure((int)(failure.LineNumber ?? 0), (int)(failure.BytePositionInLine ?? 0), $"no JSON: {what}");
        }

        return _builder.Build(_source);
    }

    private void ReadTarget()
    {
        var seen = new HashSet<string> { PatchSetJson.FormatKey };
        while (NextKey() is { } key)
        {
            CheckFirst(seen, key);
            _builder.Label = key == PatchSetJson.LabelKey ? NextText("a name") : _builder.Label;
            _builder.Target = key switch
            {
                PatchSetJson.LabelKey => _builder.Target,
                PatchSetJson.FileKey => _builder.Target with { FileName = NextText("a file name") },
                PatchSetJson.BuildIdKey => _builder.Target with { BuildId = NextText("a build-id") },
                PatchSetJson.SizeKey => _builder.Target with { FileSize = NextSize() },
                PatchSetJson.ContentKey => _builder.Target with { Content = NextText("a SHA-256") },
                PatchSetJson.PatchesKey => ReadEntries(),
                _ => throw Expected("'name', 'file', 'buildId', 'size', 'sha256' or 'patches'"),
            };
            if (_builder.HeaderProblem() is { } problem)
            {
                throw Failure(problem);
            }
        }

        if (!seen.Contains(PatchSetJson.PatchesKey))
        {
            throw Expected($"a '{PatchSetJson.PatchesKey}' list before the end");
        }
    }

    private PatchTarget ReadEntries()
    {
        Next(JsonTokenType.StartArray, "a list");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            ReadEntry();
        }

        return _builder.Target;
    }

    private void ReadEntry()
    {
        Require(JsonTokenType.StartObject, "an entry, an object");
        var seen = new HashSet<string>();
        var (offset, old, @new, name) = (-1L, Array.Empty<byte>(), Array.Empty<byte>(), (string?)null);
        while (NextKey() is { } key)
        {
            CheckFirst(seen, key);
            switch (key)
            {
                case PatchSetJson.OffsetKey: offset = NextOffset(); break;
                case PatchSetJson.OldKey: old = NextBytes(); break;
                case PatchSetJson.NewKey: @new = NextBytes(); break;
                case PatchSetJson.NameKey: name = NextText("a name"); break;
                default: throw Expected("'offset', 'old', 'new' or 'name'");
            }
        }

        if (!seen.IsSupersetOf([PatchSetJson.OffsetKey, PatchSetJson.OldKey, PatchSetJson.NewKey]))
        {
            throw Expected("an entry with 'offset', 'old' and 'new'");
        }

        if (PatchSetBuilder.Problem(offset, old, @new, name) is { } problem)
        {
            throw Failure(problem);
        }

        _builder.Add(offset, old, @new, name);
    }

    private readonly void CheckFirst(HashSet<string> seen, string key)
    {
        if (!seen.Add(key))
        {
            throw Failure($"a second '{key}'; expected one at most");
        }
    }

    /// <summary>The next key of an object, or null at its end.</summary>
    private string? NextKey()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.EndObject ? null : Text();
    }

    private string NextText(string what)
    {
        Next(JsonTokenType.String, $"{what}, a string");
        return Text();
    }

    private long NextSize()
    {
        Next(JsonTokenType.Number, "a size in bytes, a whole number");
        return _json.TryGetInt64(out var size) && size >= 0 ? size : throw Expected("a size in bytes, a whole number");
    }

    private long NextOffset() => PatchText.Offset(NextText("an offset")) ?? throw Expected("a file offset such as \"0x1000\", below 2^63");

    private byte[] NextBytes() => NextText("bytes") is var text && PatchText.IsHex(text)
        ? Convert.FromHexString(text)
        : throw Expected("bytes in hexadecimal, two digits a byte");

    private void Next(JsonTokenType type, string what)
    {
        _json.Read();
        Require(type, what);
    }

    private readonly void Require(JsonTokenType type, string what)
    {
        if (_json.TokenType != type)
        {
            throw Expected(what);
        }
    }

    /// <summary>The token's text; an escape that is half a character cannot be one.</summary>
    private readonly string Text()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Expected("text in Unicode");
        }
    }

    private readonly ReflinkException Expected(string what)
    {
        var found = Encoding.UTF8.GetString(_json.ValueSpan);
        return Failure($"expected {what}, found '{(found.Length > 60 ? found[..60] + "..." : found)}'");
    }

    private readonly ReflinkException Failure(string problem)
    {
        var before = _bytes[..(int)_json.TokenStartIndex];
        return Failure(before.Count((byte)'\n'), before.Length - 1 - before.LastIndexOf((byte)'\n'), problem);
    }

    private readonly ReflinkException Failure(int line, int column, string problem) =>
        new(Errno.EINVAL, $"{_source}:{line + 1}:{column + 1}: {problem}");
}

using System.Text;
using System.Text.Json;

namespace Reflink.Units;

/// <summary>Reads JSON token by token, and says in failures at which line and column it stopped: a document model would have lost the places.</summary>
internal ref struct PlacedJson
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _source;
    private Utf8JsonReader _json;

    /// <summary>Begins to read.</summary>
    /// <param name="bytes">The JSON in UTF-8.</param>
    /// <param name="source">What failures call it: a path, usually.</param>
    public PlacedJson(ReadOnlySpan<byte> bytes, string source)
    {
        _bytes = bytes;
        _source = source;
        _json = new Utf8JsonReader(_bytes);
    }

    /// <summary>What the present token is.</summary>
    public readonly JsonTokenType Type => _json.TokenType;

    /// <summary>Goes on to the next token; false at the end.</summary>
    public bool Read() => _json.Read();

    /// <summary>The failure that bytes are no JSON, in place of the reader's own.</summary>
    public static ReflinkException NoJson(JsonException failure, string source)
    {
        // The message repeats the place, counted from 0.
        var what = failure.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
        return Failure(source, (int)(failure.LineNumber ?? 0), (int)(failure.BytePositionInLine ?? 0), $"no JSON: {what}");
    }

    /// <summary>Refuses a key that was there before.</summary>
    public readonly void CheckFirst(HashSet<string> seen, string key)
    {
        if (!seen.Add(key))
        {
            throw Failure($"a second '{key}'; expected one at most");
        }
    }

    /// <summary>The next key of an object, or null at its end.</summary>
    public string? NextKey()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.EndObject ? null : Text();
    }

    /// <summary>The next token, a text.</summary>
    public string NextText(string what)
    {
        Next(JsonTokenType.String, $"{what}, a string");
        return Text();
    }

    /// <summary>The next token, a size.</summary>
    public long NextSize()
    {
        Next(JsonTokenType.Number, "a size in bytes, a whole number");
        return _json.TryGetInt64(out var size) && size >= 0 ? size : throw Expected("a size in bytes, a whole number");
    }

    /// <summary>The next token, an offset in hexadecimal.</summary>
    public long NextOffset() => PlainText.Offset(NextText("an offset")) ?? throw Expected("a file offset such as \"0x1000\", below 2^63");

    /// <summary>The next token: a whole number, or a text that is one in hexadecimal behind 0x or in decimal digits.</summary>
    public long NextNumber()
    {
        _json.Read();
        return _json.TokenType switch
        {
            JsonTokenType.Number when _json.TryGetInt64(out var number) && number >= 0 => number,
            JsonTokenType.String when PlainText.Number(Text()) is { } number => number,
            _ => throw Expected("a number, such as 4096 or \"0x1000\", from 0 and below 2^63"),
        };
    }

    /// <summary>The next token, bytes in hexadecimal.</summary>
    public byte[] NextBytes() => NextText("bytes") is var text && PlainText.IsHex(text)
        ? Convert.FromHexString(text)
        : throw Expected("bytes in hexadecimal, two digits a byte");

    /// <summary>Goes on to the next token, which must be of a type.</summary>
    public void Next(JsonTokenType type, string what)
    {
        _json.Read();
        Require(type, what);
    }

    /// <summary>Refuses a token of another type.</summary>
    public readonly void Require(JsonTokenType type, string what)
    {
        if (_json.TokenType != type)
        {
            throw Expected(what);
        }
    }

    /// <summary>The failure that something else was expected at this place.</summary>
    public readonly ReflinkException Expected(string what)
    {
        var found = Encoding.UTF8.GetString(_json.ValueSpan);
        return Failure($"expected {what}, found '{(found.Length > 60 ? found[..60] + "..." : found)}'");
    }

    /// <summary>A failure at this place.</summary>
    public readonly ReflinkException Failure(string problem)
    {
        var before = _bytes[..(int)_json.TokenStartIndex];
        return Failure(_source, before.Count((byte)'\n'), before.Length - 1 - before.LastIndexOf((byte)'\n'), problem);
    }

    // The token's text; an escape that is half a character cannot be one.
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

    private static ReflinkException Failure(string source, int line, int column, string problem) =>
        new(Errno.EINVAL, $"{source}:{line + 1}:{column + 1}: {problem}");
}

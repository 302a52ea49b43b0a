using System.Text.Json;
using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions.Formats;

/// <summary>Reads the JSON of a description.</summary>
internal ref struct DescriptionJsonReader
{
    private const string TextKey = "text";

    private readonly string _source;
    private readonly Func<int, string?, long?>? _sizeOf;
    private readonly DescriptionScript _script;
    private PlacedJson _json;

    public DescriptionJsonReader(ReadOnlySpan<byte> bytes, string source, Func<int, string?, long?>? sizeOf)
    {
        (_source, _sizeOf, _script) = (source, sizeOf, new DescriptionScript(source));
        _json = new PlacedJson(bytes, source);
    }

    /// <exception cref="ReflinkException">EINVAL: line and column, and what was expected there. E2BIG, EFBIG.</exception>
    public ChangeDescription Read()
    {
        try
        {
            _json.Next(JsonTokenType.StartObject, "an object");
            if (_json.NextKey() != DescriptionJson.FormatKey || _json.NextText("a format") != DescriptionText.FirstLine)
            {
                throw _json.Expected($"'\"{DescriptionJson.FormatKey}\": \"{DescriptionText.FirstLine}\"' first");
            }

            ReadLists();
            _json.Read();
        }
        catch (JsonException failure)
        {
            throw PlacedJson.NoJson(failure, _source);
        }

        return _script.Finish();
    }

    private void ReadLists()
    {
        var seen = new HashSet<string> { DescriptionJson.FormatKey };
        while (_json.NextKey() is { } key)
        {
            _json.CheckFirst(seen, key);
            if (key is not (DescriptionJson.BasesKey or DescriptionJson.PiecesKey or DescriptionJson.EditsKey or DescriptionJson.ExpectKey))
            {
                throw _json.Expected("'bases', 'pieces', 'edits' or 'expect', in this order");
            }

            if (key == DescriptionJson.PiecesKey)
            {
                _script.IsOfPieces = true;
            }

            _json.Next(JsonTokenType.StartArray, "a list");
            while (_json.Read() && _json.Type != JsonTokenType.EndArray)
            {
                _json.Require(JsonTokenType.StartObject, "an entry, an object");
                ReadEntry(key);
            }
        }
    }

    // The reader keeps its place, so a failure of what the entry means is told there, too.
    private void ReadEntry(string list)
    {
        try
        {
            switch (list)
            {
                case DescriptionJson.BasesKey: ReadBase(); break;
                case DescriptionJson.ExpectKey: ReadExpectation(); break;
                default: ReadEdit(list); break;
            }
        }
        catch (ReflinkException e) when (!e.Reason.StartsWith($"{_source}:", StringComparison.Ordinal) || e.Reason.StartsWith($"{_source}: ", StringComparison.Ordinal))
        {
            throw new ReflinkException(e.Error, _json.Failure(e.Reason.StartsWith($"{_source}: ", StringComparison.Ordinal) ? e.Reason[(_source.Length + 2)..] : e.Reason).Reason, e);
        }
    }

    private void ReadBase()
    {
        var seen = new HashSet<string>();
        var (size, root, name) = ((long?)null, (string?)null, (string?)null);
        while (_json.NextKey() is { } key)
        {
            _json.CheckFirst(seen, key);
            switch (key)
            {
                case DescriptionJson.SizeKey: size = _json.NextNumber(); break;
                case DescriptionJson.RootKey: root = _json.NextText("a root"); break;
                case DescriptionJson.NameKey: name = _json.NextText("a name"); break;
                default: throw _json.Expected("'name', 'size' or 'root'");
            }
        }

        _script.AddBase(new DescribedBase(size ?? _sizeOf?.Invoke(_script.BaseCount, name) ?? throw _json.Failure($"the base '{name}' has no size; write '\"{DescriptionJson.SizeKey}\": BYTES'"), name, root));
    }

    private void ReadExpectation()
    {
        var seen = new HashSet<string>();
        var (file, offset, length, kind, expected) = (0L, 0L, 0L, PreconditionKind.None, Array.Empty<byte>());
        while (_json.NextKey() is { } key)
        {
            _json.CheckFirst(seen, key);
            switch (key)
            {
                case EditForm.BaseKey: file = _json.NextNumber(); break;
                case DescriptionJson.OffsetKey: offset = _json.NextNumber(); break;
                case DescriptionJson.LengthKey: length = _json.NextNumber(); break;
                case EditForm.BytesKey: (kind, expected) = (PreconditionKind.Bytes, _json.NextBytes()); break;
                case DescriptionJson.HashKey: (kind, expected) = (PreconditionKind.Hash, _json.NextBytes()); break;
                default: throw _json.Expected("'base', 'offset', 'length', and 'bytes' or 'hash'");
            }
        }

        _script.Expect(file > DescriptionLimits.MaxBases ? -1 : (int)file, offset, length, kind, expected);
    }

    private void ReadEdit(string list)
    {
        var isPiece = list == DescriptionJson.PiecesKey;
        if (_json.NextKey() != DescriptionJson.DoKey || EditForm.Find(_json.NextText("an edit")) is not { } form || (isPiece && !form.IsPiece))
        {
            throw _json.Expected($"'\"{DescriptionJson.DoKey}\": …' first, one of {string.Join(", ", EditForm.All.Where(f => f.IsPiece == isPiece).Select(f => f.Name))}");
        }

        var seen = new HashSet<string>();
        var (numbers, bytes, old) = (new long[form.Numbers.Count], Array.Empty<byte>(), Array.Empty<byte>());
        while (_json.NextKey() is { } key)
        {
            _json.CheckFirst(seen, key == TextKey ? EditForm.BytesKey : key);
            var number = form.Numbers.ToList().IndexOf(key);
            if (number >= 0)
            {
                numbers[number] = _json.NextNumber();
            }
            else if (form.HasBytes && key is EditForm.BytesKey or TextKey)
            {
                bytes = key == TextKey ? System.Text.Encoding.UTF8.GetBytes(_json.NextText("text")) : _json.NextBytes();
            }
            else if (form.HasOld && key == EditForm.OldKey)
            {
                old = _json.NextBytes();
            }
            else
            {
                throw _json.Expected(Keys(form));
            }
        }

        if (!seen.IsSupersetOf(form.Numbers) || (form.HasBytes && !seen.Contains(EditForm.BytesKey)))
        {
            throw _json.Expected($"an entry with {Keys(form)}");
        }

        _script.Apply(form, numbers, bytes, old);
    }

    private static string Keys(EditForm form) => string.Join(
        ", ", [.. form.Numbers.Select(n => $"'{n}'"), .. form.HasBytes ? [$"'{EditForm.BytesKey}' or '{TextKey}'"] : (string[])[], .. form.HasOld ? [$"'{EditForm.OldKey}'"] : (string[])[]]);
}

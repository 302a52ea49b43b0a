using System.Text.Json;

namespace Reflink.Patching.Sets;

/// <summary>Reads the JSON of a patch set.</summary>
internal ref struct PatchSetJsonReader
{
    private readonly string _source;
    private readonly PatchSetBuilder _builder = new();
    private PlacedJson _json;

    internal PatchSetJsonReader(byte[] bytes, string source)
    {
        _source = source;
        _json = new PlacedJson(bytes, source);
    }

    internal PatchSet Read()
    {
        try
        {
            _json.Next(JsonTokenType.StartObject, "an object");
            if (_json.NextKey() != PatchSetJson.FormatKey || _json.NextText("a format") != PatchSetText.FirstLine)
            {
                throw _json.Expected($"'\"{PatchSetJson.FormatKey}\": \"{PatchSetText.FirstLine}\"' first");
            }

            ReadTarget();
            _json.Read();
        }
        catch (JsonException failure)
        {
            throw PlacedJson.NoJson(failure, _source);
        }

        return _builder.Build(_source);
    }

    private void ReadTarget()
    {
        var seen = new HashSet<string> { PatchSetJson.FormatKey };
        while (_json.NextKey() is { } key)
        {
            _json.CheckFirst(seen, key);
            _builder.Label = key == PatchSetJson.LabelKey ? _json.NextText("a name") : _builder.Label;
            _builder.Target = key switch
            {
                PatchSetJson.LabelKey => _builder.Target,
                PatchSetJson.FileKey => _builder.Target with { FileName = _json.NextText("a file name") },
                PatchSetJson.BuildIdKey => _builder.Target with { BuildId = _json.NextText("a build-id") },
                PatchSetJson.SizeKey => _builder.Target with { FileSize = _json.NextSize() },
                PatchSetJson.ContentKey => _builder.Target with { Content = _json.NextText("a SHA-256") },
                PatchSetJson.PatchesKey => ReadEntries(),
                _ => throw _json.Expected("'name', 'file', 'buildId', 'size', 'sha256' or 'patches'"),
            };
            if (_builder.HeaderProblem() is { } problem)
            {
                throw _json.Failure(problem);
            }
        }

        if (!seen.Contains(PatchSetJson.PatchesKey))
        {
            throw _json.Expected($"a '{PatchSetJson.PatchesKey}' list before the end");
        }
    }

    private PatchTarget ReadEntries()
    {
        _json.Next(JsonTokenType.StartArray, "a list");
        while (_json.Read() && _json.Type != JsonTokenType.EndArray)
        {
            ReadEntry();
        }

        return _builder.Target;
    }

    private void ReadEntry()
    {
        _json.Require(JsonTokenType.StartObject, "an entry, an object");
        var seen = new HashSet<string>();
        var (offset, old, @new, name) = (-1L, Array.Empty<byte>(), Array.Empty<byte>(), (string?)null);
        while (_json.NextKey() is { } key)
        {
            _json.CheckFirst(seen, key);
            switch (key)
            {
                case PatchSetJson.OffsetKey: offset = _json.NextOffset(); break;
                case PatchSetJson.OldKey: old = _json.NextBytes(); break;
                case PatchSetJson.NewKey: @new = _json.NextBytes(); break;
                case PatchSetJson.NameKey: name = _json.NextText("a name"); break;
                default: throw _json.Expected("'offset', 'old', 'new' or 'name'");
            }
        }

        if (!seen.IsSupersetOf([PatchSetJson.OffsetKey, PatchSetJson.OldKey, PatchSetJson.NewKey]))
        {
            throw _json.Expected("an entry with 'offset', 'old' and 'new'");
        }

        if (PatchSetBuilder.Problem(offset, old, @new, name) is { } problem)
        {
            throw _json.Failure(problem);
        }

        _builder.Add(offset, old, @new, name);
    }
}

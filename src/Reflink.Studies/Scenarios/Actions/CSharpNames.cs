namespace Reflink.Studies.Scenarios.Actions;

/// <summary>
/// What the names of a scenario become in C#. The actions are written twice: the first time only to see where names are given values and asked for. A name
/// becomes a variable of a block if it has a value there before it is asked for; otherwise the laboratory keeps it, as <c>lab["name"]</c>, with the metrics.
/// </summary>
internal sealed class CSharpNames
{
    private static readonly HashSet<string> s_keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double", "else", "enum",
        "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace",
        "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
        "and", "async", "await", "dynamic", "extension", "field", "file", "from", "global", "nameof", "not", "or", "partial", "record", "required", "scoped", "value", "var", "when", "with", "yield",
    };

    // What the program calls so itself.
    private static readonly string[] s_own = ["lab", "options", "result"];

    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(s_own, StringComparer.Ordinal);
    private readonly HashSet<string> _parameters;
    private readonly List<Sight> _seen = [];
    private readonly List<int?> _parents = [null];
    private readonly HashSet<(string Name, int Block)> _declared = [];
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> _loops = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locals = new(StringComparer.Ordinal);
    private bool _isSeen;
    private int _block;
    private int _next = 1;

    /// <param name="parameters">Names that have a value from the beginning.</param>
    public CSharpNames(IEnumerable<string> parameters)
    {
        _parameters = new(parameters, StringComparer.Ordinal);
        foreach (var name in _parameters)
        {
            _ = Variable(name);
        }
    }

    /// <summary>The actions were written once: decides what becomes what.</summary>
    public void Decide()
    {
        (_isSeen, _block, _next) = (true, 0, 1);
        _used.Clear();
        _used.UnionWith(s_own.Concat(_variables.Values));
        foreach (var sights in _seen.Where(s => !_parameters.Contains(s.Name) && !_kept.Contains(s.Name)).GroupBy(s => s.Name, StringComparer.Ordinal))
        {
            if (IsLoopsAlone(sights.Key, [.. sights]))
            {
                _loops.Add(sights.Key);
            }
            else if (Blocks(0, [.. sights]) is { } blocks)
            {
                _locals.Add(sights.Key);
                _declared.UnionWith(blocks.Select(block => (sights.Key, block)));
            }
        }
    }

    /// <summary>What happens within a block.</summary>
    public void Inside(Action body)
    {
        var outer = _block;
        _block = _next++;
        if (!_isSeen)
        {
            _parents.Add(outer);
        }

        body();
        _block = outer;
    }

    /// <summary>How a name is asked for.</summary>
    public string Read(string name)
    {
        See(name, SightKind.Read);
        return Written(name);
    }

    /// <summary>How a name is given a value, and whether that declares it.</summary>
    public (string Written, bool IsNew) Assign(string name)
    {
        See(name, SightKind.Assign);
        return Given(name);
    }

    /// <summary>The same for the value that a loop has just then.</summary>
    public (string Written, bool IsNew) Given(string name) => (Written(name), _declared.Remove((name, _block)));

    /// <summary>Whether anybody asks for a name.</summary>
    public bool IsRead(string name) => _seen.Exists(s => s.Name == name && s.Kind == SightKind.Read);

    /// <summary>A loop gives a name its values, from within its block: the variable, or null if the name means something else, too.</summary>
    public string? LoopVariable(string name)
    {
        See(name, SightKind.Loop);
        return _loops.Contains(name) ? Variable(name) : null;
    }

    /// <summary>Names that the laboratory keeps.</summary>
    public void Keep(IEnumerable<string> names) => _kept.UnionWith(names);

    /// <summary>A name that nothing else has.</summary>
    public string Fresh(string name)
    {
        var fresh = name;
        for (var n = 2; !_used.Add(fresh); n++)
        {
            fresh = $"{name}{n}";
        }

        return fresh;
    }

    private void See(string name, SightKind kind)
    {
        if (!_isSeen)
        {
            _seen.Add(new Sight(name, kind, _block));
        }
    }

    private string Written(string name) => _parameters.Contains(name) || _loops.Contains(name) || _locals.Contains(name) ? Variable(name) : $"lab[\"{name}\"]";

    // Such as savedFrames for saved_frames; a keyword gets an @, and what another name became a number.
    private string Variable(string name)
    {
        if (!_variables.TryGetValue(name, out var variable))
        {
            var words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
            var joined = string.Concat(words.Select((word, i) => (i == 0 ? char.ToLowerInvariant(word[0]) : char.ToUpperInvariant(word[0])) + word[1..]));
            _variables[name] = variable = Fresh(s_keywords.Contains(joined) ? $"@{joined}" : joined);
        }

        return variable;
    }

    private bool IsLoopsAlone(string name, IReadOnlyList<Sight> sights)
    {
        var loops = sights.Where(s => s.Kind == SightKind.Loop).Select(s => s.Block).ToHashSet();
        return loops.Count > 0 && sights.All(s => s.Kind != SightKind.Assign && Above(s.Block).Count(loops.Contains) == 1) && !_parameters.Contains(name);
    }

    private IEnumerable<int> Above(int block)
    {
        for (int? at = block; at is { } inside; at = _parents[inside])
        {
            yield return inside;
        }
    }

    // The blocks in which a name is declared; null if it is asked for where it may have no value, or one from before.
    private IReadOnlyList<int>? Blocks(int block, IReadOnlyList<Sight> sights)
    {
        if (sights[0].Block == block)
        {
            return sights[0].Kind == SightKind.Read ? null : [block];
        }

        if (sights.Any(s => s.Block == block))
        {
            return null;
        }

        var parts = sights.GroupBy(s => Above(s.Block).First(at => _parents[at] == block)).Select(part => Blocks(part.Key, [.. part])).ToList();
        return parts.Contains(null) ? null : [.. parts.SelectMany(part => part!)];
    }

    private enum SightKind
    {
        Read,
        Assign,
        Loop,
    }

    private sealed record Sight(string Name, SightKind Kind, int Block);
}

using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Actions;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Reading;

/// <summary>Reads what a scenario does: steps in one line or with named words, and what goes around them.</summary>
internal sealed class StepsReader
{
    private readonly Reader _reader;
    private readonly SortedDictionary<string, (string[] Keys, string[] Required, Func<YamlMap, ScenarioAction?> Read)> _blocks;
    private readonly List<string> _recorded = [];
    private readonly OrderedDictionary<string, List<string>> _tables = new(StringComparer.Ordinal);

    public StepsReader(Reader reader)
    {
        _reader = reader;
        _blocks = new(StringComparer.Ordinal)
        {
            ["for"] = (["for", "do"], ["do"], ReadFor),
            ["repeat"] = (["repeat", "do"], ["do"], ReadRepeat),
            ["while"] = (["while", "do"], ["do"], ReadWhile),
            ["try"] = (["try", "failed"], ["failed"], ReadTry),
            ["row"] = (["row"], [], ReadRow),
            ["note"] = (["note"], [], map => new NoteAction(Label(map["note"]!))),
            ["when"] = (["when", "do", "else"], ["do"], ReadWhen),
            ["compare"] = (["compare"], [], map => ReadFigures(map["compare"]!, "'compare'", CompareAction.Keys, "mechanism", CompareAction.Columns, (at, options) => new CompareAction(reader.File, at, options))),
            ["replay"] = (["replay"], [], map => ReadFigures(map["replay"]!, "'replay'", ReplayAction.Keys, "trace", ReplayAction.Columns, (at, options) => new ReplayAction(reader.File, at, options))),
            ["choose"] = (["choose"], [], ReadChoose),
            ["expect"] = (["expect", "because"], [], ReadExpect),
            ["let"] = (["let"], [], map => ReadAssign(map["let"]!, AssignUse.Let)),
            ["record"] = (["record"], [], map => ReadAssign(map["record"]!, AssignUse.Record)),
            ["sample"] = (["sample"], [], map => new SampleAction(Label(map["sample"]!))),
            ["snapshot"] = (["snapshot"], [], map => new SnapshotAction(Label(map["snapshot"]!))),
        };
    }

    /// <summary>Names that are recorded, in the order of the file.</summary>
    public IReadOnlyList<string> Recorded => _recorded;

    /// <summary>Tables that rows are added to, and their columns, in the order of the file.</summary>
    public IReadOnlyDictionary<string, List<string>> Tables => _tables;

    /// <summary>The words that begin what goes around steps.</summary>
    public static IReadOnlyList<string> BlockNames { get; } = [.. new StepsReader(new Reader(""))._blocks.Keys];

    public IReadOnlyList<ScenarioAction> Read(YamlPiece piece, string what)
    {
        if (piece is YamlList { Items.Count: 0 })
        {
            _reader.Problems.Add(piece, $"{what} is empty, so nothing would be done; give it a step, such as create a 64K");
        }

        return [.. (piece is YamlMap ? [piece] : _reader.List(piece, what)).Select(ReadOne).OfType<ScenarioAction>()];
    }

    private ScenarioAction? ReadOne(YamlPiece piece)
    {
        switch (piece)
        {
            case YamlScalar line:
                return ReadLine(line);
            case YamlMap { Entries: [var (key, value), ..] } map:
                if (map.Entries.FirstOrDefault(entry => _blocks.ContainsKey(entry.Key.Text)).Key is { } keyword)
                {
                    var (keys, required, read) = _blocks[keyword.Text];
                    return _reader.Map(map, $"'{keyword.Text}'", keys, required) is { } known && required.All(k => known[k] is not null) ? read(known) : null;
                }

                return ReadNamed(map, key, value);
            default:
                _reader.Problems.Add(piece, "a step is a line such as 'clone a b', or a map such as clone: {name: a, new: b}");
                return null;
        }
    }

    private StepAction? ReadLine(YamlScalar line)
    {
        if (Template.Words(line.Text) is not { Count: > 0 } all)
        {
            _reader.Problems.Add(line, line.Text.Length == 0 ? "a step is missing behind this '-'; write one, such as create a 64K" : $"'{line.Text}' has a quote that is not closed");
            return null;
        }

        if (Form(all[0], line) is not { } form)
        {
            return null;
        }

        var words = all.Skip(1).ToList();
        if (words.Count != form.Required && words.Count != form.Keys.Count)
        {
            _reader.Problems.Add(line, $"'{form.Name}' has {words.Count} word{(words.Count == 1 ? "" : "s")} behind its name; write it '{form.Usage}'");
            return null;
        }

        return new StepAction(_reader.File, line, form, [.. words.Select(word => _reader.Template(word, line))]);
    }

    private StepAction? ReadNamed(YamlMap map, YamlScalar name, YamlPiece value)
    {
        if (map.Entries.Count > 1)
        {
            _reader.Problems.Add(map.Entries[1].Key, $"'{map.Entries[1].Key.Text}' stands beside '{name.Text}'; begin each step with a '-' of its own");
            return null;
        }

        if (Form(name.Text, name) is not { } form || _reader.Map(value, $"'{form.Name}'", form.Keys, [.. form.Keys.Take(form.Required)]) is not { } words)
        {
            return null;
        }

        var given = form.Keys.Where(key => words[key] is not null).ToList();
        if (given.Count != form.Required && given.Count != form.Keys.Count)
        {
            _reader.Problems.Add(value, $"'{form.Name}' takes {string.Join(" and ", form.Keys.Skip(form.Required))} together or not at all; write it '{form.Usage}'");
            return null;
        }

        var texts = given.Select(key => _reader.Scalar(words[key]!, $"'{key}' of '{form.Name}'")).ToList();
        return texts.Contains(null) ? null : new StepAction(_reader.File, name, form, [.. texts.OfType<YamlScalar>().Select(text => _reader.Template(text.Text, text))]);
    }

    private StepForm? Form(string name, YamlPiece at)
    {
        if (StepCatalog.Find(name) is { } form)
        {
            return form;
        }

        _reader.Problems.Add(at, BlockNames.Contains(name) ? $"'{name}' takes something behind a colon; write it as the guide does, such as {name}: ..."
            : $"there is no step '{name}'; {Words.Known(name, [.. StepCatalog.Forms.Select(f => f.Name), .. BlockNames])}");
        return null;
    }

    private LoopAction? ReadFor(YamlMap map)
    {
        if (map["for"] is not YamlMap { Entries: [var (name, values)] })
        {
            _reader.Problems.Add(map["for"]!, "'for' takes one name and its values, such as for: {i: {from: 1, to: 10}} or for: {p: processes}");
            return null;
        }

        var read = ReadValues(values);
        _reader.Names.Add(name, _reader.Problems);
        var body = Read(map["do"]!, "'do'");
        return read is null ? null : new LoopAction(name.Text, read, body);
    }

    private LoopValues? ReadValues(YamlPiece values)
    {
        switch (values)
        {
            case YamlScalar word when LoopValues.Collections.ContainsKey(word.Text):
                return new LoopValues.Found(word.Text);
            case YamlScalar word:
                _reader.Problems.Add(word, $"'{word.Text}' is nothing to go through; write {string.Join(" or ", LoopValues.Collections.Keys)}, a list [a, b] or a range {{from: 1, to: 10}}");
                return null;
            case YamlList { Items.Count: 0 }:
                _reader.Problems.Add(values, "this list is empty, so nothing would be done; give it values");
                return null;
            case YamlList list:
                return new LoopValues.Listed([.. list.Items.Select(item => _reader.Scalar(item, "an item")).OfType<YamlScalar>().Select(item => _reader.Template(item.Text, item))]);
            default:
                return ReadRange(values);
        }
    }

    private LoopValues.Range? ReadRange(YamlPiece piece)
    {
        if (_reader.Map(piece, "a range", ["from", "to", "by", "times"], ["from", "to"]) is not { } map || map["from"] is null || map["to"] is null)
        {
            return null;
        }

        if (map["by"] is not null && map["times"] is not null)
        {
            _reader.Problems.Add(map["times"]!, "a range grows 'by' a number or 'times' a number, not both");
        }

        var (from, to) = (_reader.Formula(map["from"]!, "'from'"), _reader.Formula(map["to"]!, "'to'"));
        var by = map["by"] is { } step ? _reader.Formula(step, "'by'") : null;
        var times = map["times"] is { } factor ? _reader.Formula(factor, "'times'") : null;
        return from is null || to is null ? null : new LoopValues.Range(map, from, to, by, times);
    }

    private LoopAction? ReadRepeat(YamlMap map)
    {
        var count = _reader.Formula(map["repeat"]!, "'repeat'");
        var body = Read(map["do"]!, "'do'");
        var one = Formula.Read("1", map, _reader.Problems)!;
        return count is null ? null : new LoopAction(null, new LoopValues.Range(map["repeat"]!, one, count, null, null), body);
    }

    private WhileAction? ReadWhile(YamlMap map)
    {
        var condition = _reader.Formula(map["while"]!, "'while'");
        var body = Read(map["do"]!, "'do'");
        return condition is null ? null : new WhileAction(_reader.File, map["while"]!, condition, body);
    }

    private TryAction? ReadTry(YamlMap map)
    {
        var body = Read(map["try"]!, "'try'");
        if (_reader.Scalar(map["failed"]!, "'failed'") is not { } name)
        {
            return null;
        }

        _reader.Names.Add(name, _reader.Problems);
        return new TryAction(name.Text, body);
    }

    private RowAction? ReadRow(YamlMap map)
    {
        if (map["row"] is not YamlMap { Entries: [(var table, YamlMap { Entries.Count: > 0 } row)] })
        {
            _reader.Problems.Add(map["row"]!, "'row' takes the name of a table and its columns with formulas, such as row: {ways: {way: way, frames: frames}}");
            return null;
        }

        if (!table.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            _reader.Problems.Add(table, $"'{table.Text}' is no name of a table; names have letters, digits, '-' and '_', since files are called by them");
        }

        if (!_tables.TryGetValue(table.Text, out var columns))
        {
            _tables[table.Text] = columns = [];
        }

        var cells = new List<(YamlScalar, Formula)>();
        foreach (var (column, value) in row.Entries)
        {
            if (!columns.Contains(column.Text))
            {
                columns.Add(column.Text);
            }

            if (_reader.Formula(value, $"'{column.Text}'") is { } formula)
            {
                cells.Add((column, formula));
            }
        }

        return cells.Count < row.Entries.Count ? null : new RowAction(_reader.File, table.Text, cells);
    }

    private WhenAction? ReadWhen(YamlMap map)
    {
        var condition = _reader.Formula(map["when"]!, "'when'");
        var (then, otherwise) = (Read(map["do"]!, "'do'"), map["else"] is { } other ? Read(other, "'else'") : []);
        return condition is null ? null : new WhenAction(_reader.File, map["when"]!, condition, then, otherwise);
    }

    private ChooseAction? ReadChoose(YamlMap map)
    {
        var branches = new List<(long, IReadOnlyList<ScenarioAction>)>();
        foreach (var item in _reader.List(map["choose"]!, "'choose'"))
        {
            if (item is YamlMap weighted && weighted["weight"] is { } weight)
            {
                var known = _reader.Map(weighted, "a choice", ["weight", "do"], ["do"]);
                var number = weight is YamlScalar scalar && Formula.Meaning(scalar.Text) is long n and > 0 and <= int.MaxValue ? n : 0;
                if (number == 0)
                {
                    _reader.Problems.Add(weight, "a weight is a whole number above 0: how often this is chosen beside the others");
                }

                branches.Add((number, known?["do"] is { } body ? Read(body, "'do'") : []));
            }
            else
            {
                branches.Add((1, Read(item is YamlList ? item : new YamlList([item], item.Line, item.Column), "a choice")));
            }
        }

        if (branches.Count == 0)
        {
            _reader.Problems.Add(map["choose"]!, "there is nothing to choose from; give a list of steps");
        }

        return branches.Count > 0 && branches.All(branch => branch.Item1 > 0) ? new ChooseAction(branches) : null;
    }

    private ExpectAction? ReadExpect(YamlMap map)
    {
        var condition = _reader.Formula(map["expect"]!, "'expect'");
        var because = map["because"] is { } reason && _reader.Scalar(reason, "'because'") is { } text ? _reader.Template(text.Text, text) : null;
        return condition is null ? null : new ExpectAction(_reader.File, map["expect"]!, ((YamlScalar)map["expect"]!).Text, condition, because);
    }

    private AssignAction? ReadAssign(YamlPiece piece, AssignUse use)
    {
        if (piece is not YamlMap { Entries.Count: > 0 } map)
        {
            _reader.Problems.Add(piece, $"'{(use == AssignUse.Let ? "let" : "record")}' takes names with formulas, such as {{took: time - before}}");
            return null;
        }

        var values = new List<(YamlScalar, Formula)>();
        foreach (var (name, value) in map.Entries)
        {
            var formula = _reader.Formula(value, $"'{name.Text}'");
            _reader.Names.Add(name, _reader.Problems);
            if (use == AssignUse.Record && !_recorded.Contains(name.Text))
            {
                _recorded.Add(name.Text);
            }

            if (formula is not null)
            {
                values.Add((name, formula));
            }
        }

        return new AssignAction(_reader.File, values, use);
    }

    private FigureAction? ReadFigures(
        YamlPiece at, string what, IReadOnlyList<string> keys, string required, IReadOnlyList<string> columns, Func<YamlPiece, IReadOnlyDictionary<string, Template>, FigureAction> make)
    {
        foreach (var column in columns.Where(column => !_recorded.Contains(column)))
        {
            _reader.Names.Add(new YamlScalar(column, at.Line, at.Column), _reader.Problems);
            _recorded.Add(column);
        }

        if (_reader.Map(at, what, keys, [required]) is not { } map || map[required] is null)
        {
            return null;
        }

        var words = map.Entries.Select(entry => (entry.Key.Text, Value: _reader.Scalar(entry.Value, $"'{entry.Key.Text}'"))).ToList();
        return words.Any(word => word.Value is null) ? null
            : make(at, words.ToDictionary(word => word.Text, word => _reader.Template(word.Value!.Text, word.Value), StringComparer.Ordinal));
    }

    private Template Label(YamlPiece piece) => _reader.Template(_reader.Scalar(piece, "a label")?.Text ?? "", piece);
}

using System.Globalization;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Scenarios.Reading;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios;

/// <summary>Reads a scenario's file, collecting every mistake on the way.</summary>
internal sealed class ScenarioReader(string text, string file)
{
    /// <summary>The keys of a scenario, and what each is for.</summary>
    public static readonly IReadOnlyList<(string Key, string Does)> Keys =
    [
        ("study", "the name of the study: one word"), ("about", "what it asks, for readers"), ("parameters", "what differs from run to run"),
        ("seeds", "how often each run is repeated, or a list of seeds"), ("machine", "what the machine is made of"),
        ("measure", "what is measured at the end and by 'sample'"), ("steps", "what is done"), ("tables", "titles of the tables that steps add rows to"), ("notes", "what stands below them"), ("charts", "what the report draws"),
    ];

    private const int MostSeeds = 10_000;
    private readonly Reader _reader = new(file);

    /// <summary>The scenario.</summary>
    /// <exception cref="ReflinkException">EINVAL: there are mistakes.</exception>
    public Scenario Read()
    {
        var problems = _reader.Problems;
        var root = YamlReader.Read(text, problems);
        if (root is null && !problems.HasAny)
        {
            problems.Add(1, 1, "the file is empty; 'reflink study show lsfmm' prints a study");
        }

        var map = root is null ? null : _reader.Map(root, "a study", [.. Keys.Select(k => k.Key)], ["study", "steps"]);
        if (map is null)
        {
            problems.Require(file);
        }

        var scenario = Read(map!);
        scenario?.Check(problems);
        problems.Require(file);
        return scenario!;
    }

    private Scenario? Read(YamlMap map)
    {
        var name = map["study"] is { } study ? ReadName(study) : null;
        var about = map["about"] is { } told ? _reader.Scalar(told, "'about'")?.Text : "";
        var (metrics, every) = map["measure"] is { } measured ? ReadMeasure(measured) : ([], null);
        _reader.Names.Measured.UnionWith(metrics);
        var parameters = map["parameters"] is { } given ? ReadParameters(given) : [];
        var seeds = map["seeds"] is { } repeated ? ReadSeeds(repeated) : [1];
        var machine = map["machine"] is { } made ? ReadMachine(made, parameters) : [];
        var steps = new StepsReader(_reader);
        var actions = map["steps"] is { } done ? steps.Read(done, "'steps'") : [];
        var charts = map["charts"] is { } drawn
            ? new ChartsReader(_reader, [.. parameters.Select(p => (p.Name, p.Texts))], ["seed", .. metrics, .. steps.Recorded]).Read(drawn) : [];

        var tables = ReadTables(map["tables"], steps.Tables, parameters);
        var notes = map["notes"] is { } said ? _reader.List(said, "'notes'").Select(note => _reader.Scalar(note, "a note")).OfType<YamlScalar>().Select(note => Fixed(note, parameters)).ToList() : [];

        // What changes nothing in a result is no part of what results are known by.
        var body = string.Join('\n', map.Entries.Where(e => e.Key.Text is "machine" or "measure" or "steps").Select(e => $"{e.Key.Text}: {Canonical(e.Value)}"));
        return name is null || about is null ? null : new Scenario(file, text, body, machine, actions)
        {
            Name = name, About = about.Trim(), Parameters = parameters, Seeds = seeds, Metrics = metrics, Every = every, Recorded = steps.Recorded, Tables = tables, Charts = charts, Notes = notes, HasSeeds = map["seeds"] is not null,
        };
    }

    private string? ReadName(YamlPiece piece)
    {
        if (_reader.Scalar(piece, "'study'") is not { } name)
        {
            return null;
        }

        if (!name.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || !char.IsAsciiLetterOrDigit(name.Text[0]))
        {
            _reader.Problems.Add(name, $"'{name.Text}' is no name of a study; names have letters, digits, '-', '_' and '.', such as two-readers");
        }

        return name.Text;
    }

    private List<ScenarioParameter> ReadParameters(YamlPiece piece)
    {
        var parameters = new List<ScenarioParameter>();
        if (piece is not YamlMap map)
        {
            _reader.Problems.Add(piece, "'parameters' takes names with values, such as memory: [16MiB, 32MiB]");
            return parameters;
        }

        foreach (var (name, value) in map.Entries)
        {
            if (value is YamlMap bounded && bounded["value"] is not null)
            {
                _reader.Names.Add(name, _reader.Problems);
                parameters.AddRange(ReadBounded(name, bounded) is { } read ? [read] : []);
                continue;
            }

            var texts = value is YamlMap ? ReadRange(value) : [.. _reader.List(value, $"'{name.Text}'").Select(item => _reader.Scalar(item, $"a value of '{name.Text}'")?.Text).OfType<string>()];
            if (value is YamlList { Items.Count: 0 })
            {
                _reader.Problems.Add(value, $"'{name.Text}' has no values; give one at the least");
            }

            if (texts.GroupBy(t => t).FirstOrDefault(t => t.Count() > 1) is { } twice)
            {
                _reader.Problems.Add(value, $"'{name.Text}' has {twice.Key} twice; each value has runs of its own, and 'seeds' repeats them");
            }

            _reader.Names.Add(name, _reader.Problems);
            if (texts.Count > 0)
            {
                parameters.Add(new ScenarioParameter(name.Text, texts));
            }
        }

        return parameters;
    }

    private ScenarioParameter? ReadBounded(YamlScalar name, YamlMap piece)
    {
        if (_reader.Map(piece, $"'{name.Text}'", ["value", "least", "most", "about"], ["value", "least", "most"]) is not { } map
            || Number(map, "least") is not { } least || Number(map, "most") is not { } most || _reader.Scalar(map["value"]!, "'value'") is not { } value)
        {
            return null;
        }

        var parameter = new ScenarioParameter(name.Text, [value.Text]) { Bounds = (least, most), About = map["about"] is { } told ? _reader.Scalar(told, "'about'")?.Text ?? "" : "" };
        if (parameter.Problem(value.Text) is { } problem)
        {
            _reader.Problems.Add(value, problem);
        }

        return parameter;
    }

    private IReadOnlyList<ScenarioTable> ReadTables(YamlPiece? piece, IReadOnlyDictionary<string, List<string>> rows, List<ScenarioParameter> parameters)
    {
        var told = piece is null ? null : _reader.Map(piece, "'tables'", [.. rows.Keys.DefaultIfEmpty("none: no step adds a 'row'")], []);
        var order = told?.Entries.Select(entry => entry.Key.Text).ToList() ?? [];
        return [.. rows.OrderBy(table => order.IndexOf(table.Key) is >= 0 and var place ? place : order.Count).Select(table =>
        {
            var map = told?[table.Key] is { } at ? _reader.Map(at, $"table '{table.Key}'", ["title", "details"], []) : null;
            var details = map?["details"] is { } list ? _reader.List(list, "'details'").Select(item => _reader.Scalar(item, "a column")).OfType<YamlScalar>().ToList() : [];
            foreach (var detail in details.Where(detail => !table.Value.Contains(detail.Text)))
            {
                _reader.Problems.Add(detail, $"table '{table.Key}' has no column '{detail.Text}'; {Words.Known(detail.Text, table.Value)}");
            }

            var title = map?["title"] is { } text && _reader.Scalar(text, "'title'") is { } scalar ? Fixed(scalar, parameters) : null;
            return new ScenarioTable(table.Key, table.Value, [.. details.Select(d => d.Text)]) { Title = title };
        })];
    }

    private IReadOnlyList<string> ReadRange(YamlPiece piece)
    {
        if (_reader.Map(piece, "a range", ["from", "to", "by", "times"], ["from", "to"]) is not { } map)
        {
            return [];
        }

        if (Number(map, "from") is not { } first || Number(map, "to") is not { } last)
        {
            return [];
        }

        try
        {
            var numbers = Actions.LoopValues.Range.Steps(first, last, Number(map, "by"), Number(map, "times")).Take(Scenario.MostRuns + 1).ToList();
            if (numbers.Count is 0 or > Scenario.MostRuns)
            {
                _reader.Problems.Add(piece, numbers.Count == 0 ? "this range has no values: 'to' lies before 'from'" : $"this range has more than {Scenario.MostRuns:N0} values; let it grow faster with 'by' or 'times'");
            }

            return [.. numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))];
        }
        catch (ReflinkException e)
        {
            _reader.Problems.Add(piece, e.Reason);
            return [];
        }
    }

    private long? Number(YamlMap map, string key) => map[key] is not { } value ? null
        : _reader.Scalar(value, $"'{key}'") is { } scalar && Formula.Meaning(scalar.Text) is long number ? number : Wrong(value, $"'{key}' takes a whole number");

    private long? Wrong(YamlPiece at, string problem)
    {
        _reader.Problems.Add(at, problem);
        return null;
    }

    private List<long> ReadSeeds(YamlPiece piece)
    {
        var seeds = _reader.List(piece, "'seeds'")
            .Select(item => _reader.Scalar(item, "a seed") is { } scalar && Formula.Meaning(scalar.Text) is long seed and >= 0 ? seed : Wrong(item, "a seed is a whole number; seeds: 5 repeats each run five times"))
            .OfType<long>().ToList();
        if (piece is YamlScalar && seeds is [var count])
        {
            seeds = count is > 0 and <= MostSeeds ? [.. Enumerable.Range(1, (int)count).Select(n => (long)n)] : seeds;
            if (count is 0 or > MostSeeds)
            {
                _reader.Problems.Add(piece, $"'seeds' takes 1 to {MostSeeds}: how often each run is repeated");
            }
        }

        if (seeds.Distinct().Count() < seeds.Count)
        {
            _reader.Problems.Add(piece, "a seed is here twice; the same seed gives the same run");
        }

        return seeds.Count > 0 ? seeds : [1];
    }

    private List<(MachineSetting, Template)> ReadMachine(YamlPiece piece, List<ScenarioParameter> parameters)
    {
        var settings = new List<(MachineSetting, Template)>();
        if (_reader.Map(piece, "'machine'", [.. MachineSetting.All.Select(s => s.Name)], []) is not { } map)
        {
            return settings;
        }

        foreach (var (name, value) in map.Entries)
        {
            if (MachineSetting.All.FirstOrDefault(s => s.Name == name.Text) is { } setting && _reader.Scalar(value, $"'{name.Text}'") is { } scalar)
            {
                settings.Add((setting, Fixed(scalar, parameters)));
            }
        }

        return settings;
    }

    // A text that asks for parameters alone.
    private Template Fixed(YamlScalar scalar, List<ScenarioParameter> parameters)
    {
        var template = _reader.Template(scalar.Text, scalar);
        foreach (var other in template.Names.Where(used => used != "seed" && parameters.All(p => p.Name != used)))
        {
            _reader.Problems.Add(scalar, $"'{other}' is measured on the machine, or comes from its steps, and is not known here; use a parameter");
        }

        return template;
    }

    private (IReadOnlyList<string> Metrics, long? Every) ReadMeasure(YamlPiece piece)
    {
        var (list, every) = (piece, default(long?));
        if (piece is YamlMap && _reader.Map(piece, "'measure'", ["of", "every"], ["of"]) is { } map)
        {
            list = map["of"] ?? new YamlList([], piece.Line, piece.Column);
            every = map["every"] is { } time && _reader.Scalar(time, "'every'") is { } scalar ? ReadTime(scalar) : null;
        }

        var metrics = _reader.List(list, "'measure'").Select(item => _reader.Scalar(item, "a metric")).OfType<YamlScalar>().ToList();
        foreach (var metric in metrics.Where(metric => !MetricCatalog.Has(metric.Text)))
        {
            _reader.Problems.Add(metric, MetricCatalog.Problem(metric.Text));
        }

        return ([.. metrics.Select(metric => metric.Text).Where(MetricCatalog.Has).Distinct()], every);
    }

    private long? ReadTime(YamlScalar scalar) => TimeText.TryParse(scalar.Text, out var nanoseconds) && nanoseconds > 0 ? nanoseconds
        : Wrong(scalar, $"'{scalar.Text}' is no time; write one such as {TimeText.Takes}");

    // The same for the same content, however it is laid out.
    private static string Canonical(YamlPiece piece) => piece switch
    {
        YamlScalar scalar => $"\"{scalar.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        YamlList list => $"[{string.Join(",", list.Items.Select(Canonical))}]",
        _ => $"{{{string.Join(",", ((YamlMap)piece).Entries.Select(e => $"{Canonical(e.Key)}:{Canonical(e.Value)}"))}}}",
    };
}

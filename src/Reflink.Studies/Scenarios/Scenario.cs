using System.Globalization;
using System.Reflection;
using System.Text;

using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Actions;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios;

/// <summary>
/// An experiment in a file: what a machine is made of, what is done with it, what is measured, and which parameters differ from run to
/// run. GUIDE.md beside this file describes the format; <see cref="ScenarioSchema"/> is its JSON Schema.
/// </summary>
/// <example><code>
/// var scenario = Scenario.Parse("""
///     study: two-readers
///     parameters: {keying: [block, inode]}
///     machine: {memory: 1MiB, keying: '${keying}'}
///     measure: [frames, saved]
///     steps: [create a 64K, clone a b, drop-caches, read a, read b]
///     """, "two-readers.yaml");
/// foreach (var plan in scenario.Plan())
/// {
///     Console.WriteLine($"{plan}: {scenario.Run(plan).Values["frames"]} frames");
/// }
/// </code></example>
public sealed class Scenario
{
    /// <summary>The most runs that one study has.</summary>
    public const int MostRuns = 1_000_000;

    private readonly IReadOnlyList<(MachineSetting Setting, Template Value)> _machine;
    private readonly IReadOnlyList<ScenarioAction> _actions;
    private readonly string _body;
    private readonly FilePrints _prints = new();
    private bool _readsFiles;

    internal Scenario(string file, string text, string body, IReadOnlyList<(MachineSetting Setting, Template Value)> machine, IReadOnlyList<ScenarioAction> actions) =>
        (File, Source, _body, _machine, _actions) = (file, text, body, machine, actions);

    /// <summary>The name of the study.</summary>
    public required string Name { get; init; }

    /// <summary>What it asks, for readers.</summary>
    public required string About { get; init; }

    /// <summary>The file that it was read from.</summary>
    public string File { get; }

    /// <summary>The text of that file.</summary>
    public string Source { get; }

    /// <summary>What differs from run to run.</summary>
    public required IReadOnlyList<ScenarioParameter> Parameters { get; init; }

    /// <summary>What random choices are drawn with: each run is repeated with each.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>What is measured (<see cref="MetricCatalog"/>).</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>How often it is measured without being told to, in nanoseconds of simulated time; null for never.</summary>
    public required long? Every { get; init; }

    /// <summary>What the steps record by name.</summary>
    public required IReadOnlyList<string> Recorded { get; init; }

    /// <summary>The tables that runs add rows to.</summary>
    public required IReadOnlyList<ScenarioTable> Tables { get; init; }

    /// <summary>Whether the file says what seeds there are, and so that they matter.</summary>
    public required bool HasSeeds { get; init; }

    /// <summary>What the report draws.</summary>
    public required IReadOnlyList<ScenarioChart> Charts { get; init; }

    internal IReadOnlyList<Template> Notes { get; init; } = [];

    /// <summary>The columns of the results that come from a run: what is measured at its end, and what it recorded.</summary>
    public IReadOnlyList<string> Columns => [.. Metrics.Concat(Recorded).Distinct()];

    /// <summary>How many runs there are.</summary>
    public long RunCount => Parameters.Aggregate((Int128)Seeds.Count, (product, p) => product > MostRuns ? product : product * p.Texts.Count) is var count && count > long.MaxValue ? long.MaxValue : (long)count;

    /// <summary>Reads a scenario.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">Where it is from, for messages.</param>
    /// <exception cref="ReflinkException">EINVAL: it has mistakes; the message has a line for each, with the place and the remedy.</exception>
    public static Scenario Parse(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(file);
        return new ScenarioReader(text, file).Read();
    }

    /// <summary>Every run, in the order of parameters and their values: the last parameter changes first, and seeds before it.</summary>
    public IEnumerable<RunPlan> Plan()
    {
        IEnumerable<IReadOnlyList<KeyValuePair<string, string>>> grid = [[]];
        foreach (var parameter in Parameters)
        {
            grid = grid.SelectMany(_ => parameter.Texts, (before, text) => (IReadOnlyList<KeyValuePair<string, string>>)[.. before, new(parameter.Name, text)]);
        }

        return grid.SelectMany(_ => Seeds, (values, seed) => new RunPlan(values, seed, IdOf(values, seed)));
    }

    /// <summary>The same scenario with other values of some parameters.</summary>
    /// <param name="values">Names, and the values instead.</param>
    /// <exception cref="ReflinkException">EINVAL: it has no parameter of that name, or a value cannot be.</exception>
    public Scenario With(params IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var parameters = Parameters.ToList();
        foreach (var (name, texts) in values)
        {
            var i = parameters.FindIndex(p => p.Name == name);
            if (i < 0)
            {
                throw new ReflinkException(Errno.EINVAL, $"study {Name} has no parameter '{name}'; {(parameters.Count == 0 ? "it has none" : Words.Known(name, [.. parameters.Select(p => p.Name)]))}");
            }

            if (texts.Distinct(StringComparer.Ordinal).Count() < texts.Count)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{name}' has a value twice; each value has runs of its own, and seeds repeat them");
            }

            if (texts.Select(parameters[i].Problem).FirstOrDefault(problem => problem is not null) is { } wrong)
            {
                throw new ReflinkException(Errno.EINVAL, wrong);
            }

            parameters[i] = parameters[i] with { Texts = texts };
        }

        var changed = Copy(parameters, Seeds);
        changed.Check();
        return changed;
    }

    /// <summary>The same scenario, repeated with other seeds.</summary>
    public Scenario WithSeeds(IReadOnlyList<long> seeds) => Copy(Parameters, seeds);

    /// <summary>Runs it once, on a machine that is switched off at the end: the same plan, the same result.</summary>
    /// <param name="plan">Which run.</param>
    /// <param name="cancel">Checked between steps, and within those that take long.</param>
    /// <param name="observers">Told of what goes on.</param>
    /// <returns>What was found. Where a step or an expectation failed that is said in it, and what was found before is there.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RunResult Run(RunPlan plan, CancellationToken cancel = default, params IReadOnlyList<IRunObserver> observers)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(observers);
        var (samples, findings) = (new SampleSeries(Metrics, Every), new RunFindings());
        var values = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        var disk = default(RunDisk);
        string? failure;
        try
        {
            var known = Values(plan);
            var options = Options(known);
            disk = options.Store is null ? null : RunDisk.Make(System.IO.Path.GetTempPath());
            var watch = new RunWatch(Metrics, observers);
            using var bench = watch.Bench = new ExperimentBench(new Machine(disk is null ? options : options with { Store = options.Store! with { Folder = disk.Path } }), watch, cancel);
            watch.SwitchedOn();
            failure = Act(new ActionContext(bench, samples, findings, known, plan.Seed, cancel) { Watch = watch });
            foreach (var metric in Metrics)
            {
                values[metric] = MetricCatalog.Value(metric, new Moment(bench));
            }
        }
        catch (ReflinkException e)
        {
            failure = $"{e.Error}: {e.Reason}";
        }
        catch (Exception e) when (e is InvariantException or ArithmeticException or ArgumentException or InvalidOperationException)
        {
            // One run meets a bug of ours: it says so, and the others go on.
            failure = $"{e.GetType().Name}: {e.Message} This is a bug in reflink; please report it with the study and these values.";
        }
        finally
        {
            disk?.Dispose();
        }

        foreach (var (name, value) in findings.Recorded)
        {
            values[name] = value;
        }

        return new RunResult(plan, failure, values, samples.Rows, findings.Maps, findings.Expectations) { Rows = findings.Rows, Notes = findings.Notes };
    }

    /// <summary>How much physical memory the machine of a run has, in bytes; 0 where its settings are wrong, of which the run tells.</summary>
    /// <param name="plan">Which run.</param>
    public long MemoryOf(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        try
        {
            return Options(Values(plan)).Memory;
        }
        catch (ReflinkException)
        {
            return 0;
        }
    }

    /// <summary>The same experiment as a program in C#, which needs the package Reflink.Studies: a class with a method <c>Run</c>, whose arguments are the parameters.</summary>
    /// <exception cref="ReflinkException">EOPNOTSUPP: a formula cannot be written in C#; the message names the line.</exception>
    public string ToCSharp() => new ScenarioProgram(this, _machine, _actions).Write();

    /// <summary>A text of the file that asks for parameters: of one with several values it shows all.</summary>
    internal string Text(Template template)
    {
        string Of(Func<ScenarioParameter, object> value) => template.Text(formula => formula.Value(
            name => name == "seed" ? Seeds[0] : value(Parameters.First(p => p.Name == name)), (function, _) => throw new ReflinkException(Errno.EINVAL, $"{function}() asks a run, and this text stands beside all of them")));
        try
        {
            return Of(p => p.Texts.Count == 1 ? Formula.Meaning(p.Texts[0]) : string.Join(" or ", p.Texts));
        }
        catch (ReflinkException) when (Parameters.Any(p => p.Texts.Count > 1))
        {
            // It computes with them, which takes one of each.
            return Of(p => Formula.Meaning(p.Texts[0]));
        }
    }

    private string? Act(ActionContext context)
    {
        try
        {
            context.Do(_actions);
            context.Sample("end");
            return null;
        }
        catch (ReflinkException e)
        {
            return $"{e.Error}: {e.Reason}";
        }
    }

    /// <summary>Looks for mistakes that some values of parameters make.</summary>
    internal void Check()
    {
        var problems = new ScenarioProblems();
        Check(problems);
        problems.Require(File);
    }

    internal void Check(ScenarioProblems problems)
    {
        if (RunCount > MostRuns)
        {
            problems.Add(1, 1, $"the parameters and seeds make {RunCount:N0} runs; a study has {MostRuns:N0} at the most");
        }

        // All first values together, then each other value among first ones: mistakes that take two are told by the run.
        var first = Parameters.ToDictionary(p => p.Name, p => p.Texts[0], StringComparer.Ordinal);
        _ = Rehearse(first, problems);
        foreach (var parameter in Parameters)
        {
            foreach (var text in parameter.Texts.Skip(1))
            {
                _ = Rehearse(new Dictionary<string, string>(first, StringComparer.Ordinal) { [parameter.Name] = text }, problems);
            }
        }
    }

    private SortedSet<string> Rehearse(Dictionary<string, string> texts, ScenarioProblems problems)
    {
        var known = texts.ToDictionary(t => t.Key, t => Formula.Meaning(t.Value), StringComparer.Ordinal);
        var rehearsal = new Rehearsal(problems, known);
        var options = new MachineOptions();
        foreach (var (setting, value) in _machine)
        {
            if (rehearsal.Text(value) is { } text)
            {
                if (setting.Apply(options, text) is { } changed)
                {
                    options = changed;
                }
                else
                {
                    problems.Add(value.At, setting.Problem(text));
                }
            }
        }

        RequireMachine(options, problems);
        rehearsal.Go(_actions);
        _readsFiles |= rehearsal.Files.Count > 0;
        return rehearsal.Files;
    }

    private void RequireMachine(MachineOptions options, ScenarioProblems problems)
    {
        try
        {
            options.Check();
        }
        catch (ReflinkException e)
        {
            var at = _machine.Count > 0 ? _machine[0].Value.At : new YamlScalar("", 1, 1);
            problems.Add(at, $"no machine can be made so: {e.Reason}");
        }
    }

    private Dictionary<string, object> Values(RunPlan plan) =>
        plan.Parameters.Select(p => KeyValuePair.Create(p.Key, Formula.Meaning(p.Value))).Append(new("seed", plan.Seed)).ToDictionary(StringComparer.Ordinal);

    private MachineOptions Options(Dictionary<string, object> known)
    {
        var options = new MachineOptions();
        foreach (var (setting, value) in _machine)
        {
            var text = value.Text(formula => formula.Value(name => known[name], (function, _) => throw new ReflinkException(Errno.EINVAL, $"{function}() asks a machine, which is not made yet; use a parameter")));
            options = setting.Apply(options, text) ?? throw new ReflinkException(Errno.EINVAL, $"{File}:{value.At.Line}: {setting.Problem(text)}");
        }

        return options;
    }

    private Scenario Copy(IReadOnlyList<ScenarioParameter> parameters, IReadOnlyList<long> seeds) => new(File, Source, _body, _machine, _actions)
    {
        Name = Name, About = About, Parameters = parameters, Seeds = seeds, Metrics = Metrics, Every = Every, Recorded = Recorded, Tables = Tables, Charts = Charts, Notes = Notes, HasSeeds = HasSeeds, _readsFiles = _readsFiles,
    };

    // What a result depends on: what is done and measured, the values, the seed, the files that are read, and this program.
    private string IdOf(IReadOnlyList<KeyValuePair<string, string>> values, long seed)
    {
        var version = typeof(Scenario).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var parts = values.Select(v => $"{v.Key}={v.Value}").Prepend(_body).Prepend(version).Append(seed.ToString(CultureInfo.InvariantCulture));
        var files = _readsFiles ? Rehearse(values.ToDictionary(StringComparer.Ordinal), new ScenarioProblems()).Select(_prints.Of) : [];
        return Convert.ToHexStringLower(System.IO.Hashing.XxHash128.Hash(Encoding.UTF8.GetBytes(string.Join('\0', parts.Concat(files)))));
    }
}

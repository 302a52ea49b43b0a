using System.Runtime.CompilerServices;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Actions;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Units;

namespace Reflink.Studies.Programs;

/// <summary>
/// One run of an experiment as a program: a machine, the steps that studies and <c>reflink cache</c> know, and what was found. It runs the same code as a
/// study, so the same steps and seed give the same figures. <c>reflink study show NAME --csharp</c> prints a study as a program that uses it.
/// </summary>
/// <example><code>
/// using var lab = new Laboratory(new MachineOptions { Memory = 1 &lt;&lt; 20 }, measures: ["frames", "saved"]);
/// lab.Do("create base 64K");
/// foreach (var reader in Value.Range(1, 3))
/// {
///     lab.Do($"clone base copy{reader}");
///     lab.Do($"read copy{reader}");
/// }
///
/// lab.Expect(lab["saved"] > 0, "clones share their pages");
/// Console.WriteLine(lab.End().Values["frames"]);
/// </code></example>
public sealed partial class Laboratory : IDisposable
{
    private readonly RunDisk? _disk;
    private readonly RunFindings _findings = new();
    private readonly SampleSeries _samples;
    private readonly RunWatch _watch;
    private readonly ExperimentBench _bench;
    private readonly ActionContext _context;
    private readonly IReadOnlyList<string> _measures;
    private readonly long _seed;

    /// <summary>Switches a machine on.</summary>
    /// <param name="options">What it is made of. A disk of <see cref="Disk"/> is in a folder of its own, which is removed at the end.</param>
    /// <param name="seed">What random choices are drawn with: the same seed, the same choices.</param>
    /// <param name="measures">What samples and the result measure (<see cref="MetricCatalog"/>).</param>
    /// <param name="every">How often a sample is taken by itself, in nanoseconds of simulated time; null for never.</param>
    /// <param name="cancel">Checked between steps, and within those that take long.</param>
    /// <exception cref="ReflinkException">EINVAL: there is no such machine, or nothing of that name to measure.</exception>
    public Laboratory(MachineOptions options, long seed = 1, IReadOnlyList<string>? measures = null, long? every = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_measures, _seed) = (measures ?? [], seed);
        if (_measures.FirstOrDefault(name => !MetricCatalog.Has(name)) is { } unknown)
        {
            throw new ReflinkException(Errno.EINVAL, MetricCatalog.Problem(unknown));
        }

        (_samples, _watch) = (new SampleSeries(_measures, every), new RunWatch(_measures, []));
        _disk = options.Store?.Folder == Path.GetTempPath() ? RunDisk.Make(Path.GetTempPath()) : null;
        try
        {
            _bench = _watch.Bench = new ExperimentBench(new Machine(_disk is null ? options : options with { Store = options.Store! with { Folder = _disk.Path } }), _watch, cancel);
        }
        catch
        {
            _disk?.Dispose();
            throw;
        }

        _context = new ActionContext(_bench, _samples, _findings, [new("seed", seed)], seed, cancel) { Watch = _watch };
    }

    /// <summary>The machine, for every call of the library. After a step that switches it off and on (crash, new-machine) it is another one.</summary>
    public Machine Machine => _bench.Machine;

    /// <summary>What a metric says now, such as <c>lab["frames"]</c>, or the value that was given to a name.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is neither; ENODATA: this machine does not keep it.</exception>
    public Value this[string name]
    {
        get => Value.From(_context.ValueOf(name));
        set => _context.SetValue(name, value.Inner);
    }

    /// <summary>Names of the volume's files.</summary>
    public IReadOnlyList<Value> Files => Found("files");

    /// <summary>Names of the processes that steps started and that run, in ordinal order.</summary>
    public IReadOnlyList<Value> Processes => Found("processes");

    /// <summary>Does a step, such as <c>$"create {name} 64K"</c>; <see cref="StepCatalog"/> has all of them.</summary>
    /// <param name="step">The step in one line. Quotes keep words with blanks together.</param>
    /// <param name="file">The calling file, which the compiler gives.</param>
    /// <param name="line">The line in it, which the compiler gives.</param>
    /// <exception cref="ReflinkException">It failed, or there is no such step; the message names file and line.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Do(StepLine step, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var place = $"{Path.GetFileName(file)}:{line}";
        var words = step.Words();
        if (words is not [var name, ..] || StepCatalog.Find(name) is not { } form)
        {
            throw new ReflinkException(Errno.EINVAL, $"{place}: {(words is null ? "a step has a quote that is not closed; close it" : $"there is no step '{string.Join(' ', words)}'; begin with one that 'reflink cache --help' lists")}");
        }

        _context.Cancel.ThrowIfCancellationRequested();
        try
        {
            _context.Step(place, form, [.. words.Skip(1)]);
        }
        catch (ReflinkException)
        {
            // Who catches this goes on with the machine as it is now.
            _context.HasChanged();
            throw;
        }
    }

    /// <summary>Ends the program unless a condition holds.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="because">Why it should hold.</param>
    /// <param name="text">The condition as it is written, which the compiler gives.</param>
    /// <exception cref="ReflinkException">EINVAL: it does not hold.</exception>
    public void Expect(Value holds, string because = "", [CallerArgumentExpression(nameof(holds))] string text = "") => Expect(holds, () => because, text);

    /// <summary>As above; the reason is only asked for if it is needed.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="because">Why it should hold.</param>
    /// <param name="text">The condition as it is written, which the compiler gives.</param>
    /// <exception cref="ReflinkException">EINVAL: it does not hold.</exception>
    public void Expect(Value holds, Func<string> because, [CallerArgumentExpression(nameof(holds))] string text = "")
    {
        ArgumentNullException.ThrowIfNull(because);
        if (!holds)
        {
            var reason = because();
            throw new ReflinkException(Errno.EINVAL, $"expected {text}, but it does not hold{(reason.Length == 0 ? "" : $"; expected because {reason}")}");
        }

        _findings.Expectations++;
    }

    /// <summary>Adds a value to the result, by name.</summary>
    /// <returns>The value.</returns>
    public Value Record(string name, Value value)
    {
        _findings.Record(name, value.Inner);
        return value;
    }

    /// <summary>Adds a row to a table of the result. An empty text is nothing.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cells">Columns with their values.</param>
    public void Row(string table, params IReadOnlyList<(string Column, Value Value)> cells) => _findings.Rows.Add(
        new ResultRow(table, cells.ToDictionary(cell => cell.Column, cell => cell.Value.Inner is "" ? null : (object?)cell.Value.Inner, StringComparer.Ordinal)));

    /// <summary>Adds a line that stands below the tables.</summary>
    public void Note(string text) => _findings.Notes.Add(text);

    /// <summary>Takes a sample of everything that is measured.</summary>
    /// <param name="label">What this moment is called.</param>
    /// <exception cref="ReflinkException">EOVERFLOW: there are too many.</exception>
    public void Sample(string label) => _context.Sample(label);

    /// <summary>Keeps who has which frame now.</summary>
    /// <param name="label">What this moment is called.</param>
    public void Snapshot(string label) => _findings.Maps.Add(PageMap.Of(label, _context.Moment));

    /// <summary>Takes the last sample, and says what was found.</summary>
    public RunResult End()
    {
        Sample("end");
        var values = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var name in _measures)
        {
            values[name] = MetricCatalog.Value(name, new Moment(_bench));
        }

        foreach (var (name, value) in _findings.Recorded)
        {
            values[name] = value;
        }

        return new RunResult(new RunPlan([], _seed, ""), null, values, _samples.Rows, _findings.Maps, _findings.Expectations) { Rows = _findings.Rows, Notes = _findings.Notes };
    }

    /// <summary>Switches the machine off.</summary>
    public void Dispose()
    {
        _bench.Dispose();
        _disk?.Dispose();
    }

    private IReadOnlyList<Value> Found(string what) => [.. LoopValues.Collections[what](_context).Select(name => (Value)name)];
}

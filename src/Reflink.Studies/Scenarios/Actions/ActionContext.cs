using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>One run of a scenario as its actions see it: the machine, the names that have values, and what was found so far.</summary>
internal sealed class ActionContext
{
    private readonly Dictionary<string, object> _values;
    private readonly CancellationToken _cancel;
    private readonly SampleSeries _samples;
    private readonly RunFindings _findings;
    private SplitMix _random;
    private Moment? _moment;

    public ActionContext(ExperimentBench bench, SampleSeries samples, RunFindings findings, IEnumerable<KeyValuePair<string, object>> values, long seed, CancellationToken cancel)
    {
        (Bench, _samples, _findings, _cancel) = (bench, samples, findings, cancel);
        _values = new Dictionary<string, object>(values, StringComparer.Ordinal);
        _random = new SplitMix(new SplitMix((ulong)seed).Next());
        if (samples.Every is { } every)
        {
            bench.Alarm = new BenchAlarm { Next = bench.Machine.Clock.Now + every, Ring = () => SampleInTime(every) };
        }
    }

    public ExperimentBench Bench { get; }

    /// <summary>Those who watch the run.</summary>
    public required RunWatch Watch { get; init; }

    /// <summary>The machine as it is now.</summary>
    public Moment Moment => _moment ??= new Moment(Bench);

    public RunFindings Findings => _findings;

    /// <summary>Ends what takes long.</summary>
    public CancellationToken Cancel => _cancel;

    public void SetValue(string name, object value) => _values[name] = value;

    public string Text(Template template) => template.Text(Value);

    public object Value(Formula formula) => formula.Value(ValueOf, (function, arguments) => RunAnswers.Of(this, function, arguments));

    /// <summary>A whole number.</summary>
    /// <exception cref="ReflinkException">EINVAL: the formula gives something else.</exception>
    public long Number(Formula formula) => Value(formula) is long number ? number : throw new ReflinkException(Errno.EINVAL, "it takes a whole number");

    /// <summary>Whether something holds.</summary>
    /// <exception cref="ReflinkException">EINVAL: the formula says neither yes nor no.</exception>
    public bool IsTrue(Formula formula) => Value(formula) is bool truth ? truth : throw new ReflinkException(Errno.EINVAL, "it takes a comparison such as frames <= 100");

    /// <summary>A random number below another: the same in each run with this seed.</summary>
    public long Random(long below) => (long)_random.Below((ulong)below);

    /// <summary>Runs actions one after the other.</summary>
    public void Do(IReadOnlyList<ScenarioAction> actions)
    {
        foreach (var action in actions)
        {
            _cancel.ThrowIfCancellationRequested();
            action.Do(this);
        }
    }

    /// <summary>Does a step.</summary>
    /// <exception cref="ReflinkException">It failed; the message names it.</exception>
    public void Do(ExperimentStep step)
    {
        Watch.Do(step);
        HasChanged();
    }

    /// <summary>Does a step of that form.</summary>
    /// <exception cref="ReflinkException">It failed, or its words are none that it takes.</exception>
    public void Step(string place, StepForm form, IReadOnlyList<string> words)
    {
        if (form.Problem([form.Name, .. words]) is { } problem)
        {
            throw new ReflinkException(Errno.EINVAL, $"{place}: '{form.Name} {string.Join(' ', words)}' {problem}");
        }

        Do(ExperimentStep.Of(place, form, words));
    }

    /// <summary>Draws one of several things, each as often as its weight says; its number, counted from 0.</summary>
    public int Choose(IReadOnlyList<long> weights)
    {
        var (drawn, chosen) = (Random(weights.Sum()), 0);
        while (drawn >= weights[chosen])
        {
            drawn -= weights[chosen++];
        }

        return chosen;
    }

    /// <summary>The machine has done something: what was counted before is no longer right.</summary>
    public void HasChanged()
    {
        _moment = null;
        if (_samples.Every is { } every && Bench.Alarm is { } alarm && Bench.Machine.Clock.Now >= alarm.Next)
        {
            SampleInTime(every);
        }
    }

    public void Sample(string label)
    {
        _samples.Take(label, Moment);
        Watch.Sampled(label, Moment);
        _moment = null;
    }

    private void SampleInTime(long every)
    {
        _moment = null;
        Sample("");
        Bench.Alarm!.Next = Bench.Machine.Clock.Now + every;
    }

    /// <summary>The value of a name, or what a metric of that name says now.</summary>
    public object ValueOf(string name) => _values.TryGetValue(name, out var value) ? value
        : !MetricCatalog.Has(name) ? throw new ReflinkException(Errno.EINVAL, $"'{name}' has no value yet, because what gives it one was not done; give it one with 'let' before")
        : MetricCatalog.Value(name, Moment) is { } metric ? metric
        : throw new ReflinkException(Errno.ENODATA, $"this machine does not keep {name}; choose another policy, or switch on what it counts");
}

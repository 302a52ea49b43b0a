using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Scenarios;

/// <summary>Keeps what each step of a run did to the cache. A step that fails has no row.</summary>
public sealed class StepTable : IRunObserver
{
    private readonly List<StepFigures> _rows = [];
    private string _step = "";
    private (long Reads, long Writes, long Evicted) _before;

    /// <summary>A row for each step that has succeeded.</summary>
    public IReadOnlyList<StepFigures> Rows => _rows;

    /// <inheritdoc/>
    public void SwitchedOn(Machine machine) => _before = default;

    /// <inheritdoc/>
    public void StepBegins(string step, RunMoment now) => (_step, _before) = (step, Counts(now.Machine));

    /// <inheritdoc/>
    public void StepEnds(string? outcome, RunMoment now)
    {
        var (machine, after) = (now.Machine, Counts(now.Machine));
        _rows.Add(new StepFigures(
            _step, outcome, machine.Cache.Resident, machine.Cache.DirtyFrames, after.Reads - _before.Reads, after.Writes - _before.Writes, after.Evicted - _before.Evicted));
    }

    /// <inheritdoc/>
    public void StepFails(RunMoment now)
    {
    }

    /// <inheritdoc/>
    public void Sampled(string label, RunMoment now)
    {
    }

    private static (long Reads, long Writes, long Evicted) Counts(Machine machine) => (machine.StoreCalls.Reads, machine.StoreCalls.Writes, machine.Cache.Evictions);
}

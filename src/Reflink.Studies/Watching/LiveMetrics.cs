using Reflink.Machines;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Watching;

/// <summary>Shows the machine of a run to what reads .NET's metrics, such as dotnet-counters, under the name of the study.</summary>
/// <param name="name">The name.</param>
public sealed class LiveMetrics(string name) : IRunObserver, IDisposable
{
    private MachineMetrics? _metrics;

    /// <inheritdoc/>
    public void SwitchedOn(Machine machine)
    {
        _metrics?.Dispose();
        _metrics = new MachineMetrics(machine, name);
    }

    /// <inheritdoc/>
    public void StepBegins(string step, RunMoment now)
    {
    }

    /// <inheritdoc/>
    public void StepEnds(string? outcome, RunMoment now)
    {
    }

    /// <inheritdoc/>
    public void Sampled(string label, RunMoment now)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _metrics?.Dispose();
}

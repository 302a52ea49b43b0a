using System.Globalization;
using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Cli.Studying;

/// <summary>Prints a line for each sample of a run: when it was taken, in seconds of simulated time, and what was measured.</summary>
internal sealed class SampleLines(TextWriter output) : IRunObserver
{
    public void SwitchedOn(Machine machine)
    {
    }

    public void StepBegins(string step, RunMoment now)
    {
    }

    public void StepEnds(string? outcome, RunMoment now)
    {
    }

    public void Sampled(string label, RunMoment now)
    {
        var values = now.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Name}={v.Value?.ToString(CultureInfo.InvariantCulture) ?? "-"}"));
        output.WriteLine(string.Join("  ", ((string[])[Seconds(now.Time), label, string.Join(' ', values)]).Where(part => part.Length > 0)));
    }

    /// <summary>A time in seconds, to the microsecond.</summary>
    public static string Seconds(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000_000_000m:0.000000} s");
}

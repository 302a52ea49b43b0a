using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Studying;

/// <summary>Progress that is told at once, on the thread that makes it.</summary>
internal sealed class ToldProgress(Action<SweepProgress> told) : IProgress<SweepProgress>
{
    public void Report(SweepProgress value) => told(value);
}

namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>Where two filesystems part.</summary>
/// <param name="Step">The number of the step; that of the last and one is the tree afterwards.</param>
/// <param name="What">The step, or the tree.</param>
/// <param name="Ours">What ours says.</param>
/// <param name="Theirs">What the other says.</param>
internal sealed record Difference(int Step, string What, string Ours, string Theirs)
{
    public override string ToString() => $"step {Step}: {What}\n  ours:   {Ours}\n  theirs: {Theirs}";
}

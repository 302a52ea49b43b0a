namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Does one of several things, drawn by the run's seed, each as often as its weight says.</summary>
internal sealed class ChooseAction(IReadOnlyList<(long Weight, IReadOnlyList<ScenarioAction> Body)> branches) : ScenarioAction
{
    public override void Do(ActionContext context) => context.Do(branches[context.Choose([.. branches.Select(branch => branch.Weight)])].Body);

    public override void Write(CSharpWriter writer)
    {
        writer.Line($"switch (lab.Choose({string.Join(", ", branches.Select(branch => branch.Weight))}))");
        writer.Block(() =>
        {
            foreach (var (i, (_, body)) in branches.Index())
            {
                writer.Line(i + 1 < branches.Count ? $"case {i}:" : "default:");
                writer.Body(body, "break;");
            }
        });
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        foreach (var (_, body) in branches)
        {
            rehearsal.Go(body);
        }
    }
}

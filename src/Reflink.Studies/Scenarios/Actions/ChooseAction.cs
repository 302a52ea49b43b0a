namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Does one of several things, drawn by the run's seed, each as often as its weight says.</summary>
internal sealed class ChooseAction(IReadOnlyList<(long Weight, IReadOnlyList<ScenarioAction> Body)> branches) : ScenarioAction
{
    public override void Do(ActionContext context)
    {
        var drawn = context.Random(branches.Sum(branch => branch.Weight));
        foreach (var (weight, body) in branches)
        {
            if (drawn < weight)
            {
                context.Do(body);
                return;
            }

            drawn -= weight;
        }
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        foreach (var (_, body) in branches)
        {
            rehearsal.Go(body);
        }
    }
}

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Does the same for each of some values, which a name has in turn.</summary>
internal sealed class LoopAction(string? name, LoopValues values, IReadOnlyList<ScenarioAction> body) : ScenarioAction
{
    public override void Do(ActionContext context)
    {
        foreach (var value in values.Of(context))
        {
            if (name is not null)
            {
                context.SetValue(name, value);
            }

            context.Do(body);
        }
    }

    // The first and the last time: where these are right, what lies between mostly is.
    public override void Write(CSharpWriter writer) => writer.Loop(name, values.CSharp(writer), body);

    public override void Rehearse(Rehearsal rehearsal)
    {
        foreach (var value in values.Ends(rehearsal))
        {
            if (name is not null)
            {
                rehearsal.SetValue(name, value);
            }

            rehearsal.Go(body);
        }
    }
}

using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Does the same as long as a comparison holds, which is looked at before each time.</summary>
internal sealed class WhileAction(string file, YamlPiece at, Formula condition, IReadOnlyList<ScenarioAction> body) : ScenarioAction
{
    public override void Do(ActionContext context)
    {
        while (Located.At(file, at, () => context.IsTrue(condition)))
        {
            context.Cancel.ThrowIfCancellationRequested();
            context.Do(body);
        }
    }

    public override void Write(CSharpWriter writer)
    {
        writer.Line($"while ({writer.Condition(condition, at)})");
        writer.Body(body);
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        var known = rehearsal.Value(condition, at);
        if (known is not (null or bool))
        {
            rehearsal.Add(at, "'while' takes a comparison, such as ksm.pages_sharing == 0");
        }
        else if (known is true && rehearsal.IsSure(condition))
        {
            rehearsal.Add(at, "this 'while' never ends, since parameters do not change; compare something that its steps change");
        }

        rehearsal.Go(body);
    }
}

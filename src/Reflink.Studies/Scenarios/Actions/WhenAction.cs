using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Does one thing where a comparison holds, and another where it does not.</summary>
internal sealed class WhenAction(string file, YamlPiece at, Formula condition, IReadOnlyList<ScenarioAction> then, IReadOnlyList<ScenarioAction> otherwise) : ScenarioAction
{
    public override void Do(ActionContext context) => context.Do(Located.At(file, at, () => context.IsTrue(condition)) ? then : otherwise);

    public override void Write(CSharpWriter writer)
    {
        writer.Line($"if ({writer.Condition(condition, at)})");
        writer.Body(then);
        if (otherwise.Count > 0)
        {
            writer.Line("else");
            writer.Body(otherwise);
        }
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        var known = rehearsal.Value(condition, at);
        if (known is not (null or bool))
        {
            rehearsal.Add(at, "'when' takes a comparison, such as frames <= 100");
        }

        // What only a machine knows may turn out either way.
        rehearsal.Go(known is false ? [] : then);
        rehearsal.Go(known is true ? [] : otherwise);
    }
}

using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Gives names values: for formulas that follow, or to be found in the results as well.</summary>
internal sealed class AssignAction(string file, IReadOnlyList<(YamlScalar Name, Formula Formula)> values, AssignUse use) : ScenarioAction
{
    public override void Do(ActionContext context)
    {
        foreach (var (name, formula) in values)
        {
            var value = Located.At(file, name, () => context.Value(formula));
            context.SetValue(name.Text, value);
            if (use == AssignUse.Record)
            {
                context.Findings.Record(name.Text, value);
            }
        }
    }

    public override void Write(CSharpWriter writer)
    {
        foreach (var (name, formula) in values)
        {
            var written = writer.Expression(formula, name).Text;
            if (use == AssignUse.Let)
            {
                writer.Assign(name.Text, written);
            }
            else
            {
                writer.Record(name.Text, written);
            }
        }
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        foreach (var (name, formula) in values)
        {
            rehearsal.SetValue(name.Text, rehearsal.Value(formula, name));
        }
    }
}

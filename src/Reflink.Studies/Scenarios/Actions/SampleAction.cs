using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Takes a row of everything that the scenario measures.</summary>
internal sealed class SampleAction(Template label) : ScenarioAction
{
    public override void Do(ActionContext context) => context.Sample(context.Text(label));

    public override void Write(CSharpWriter writer) => writer.Line($"lab.Sample({writer.String(label)});");

    public override void Rehearse(Rehearsal rehearsal) => _ = rehearsal.Text(label);
}

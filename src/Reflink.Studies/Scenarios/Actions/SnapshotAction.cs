using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Keeps who has which frame at that moment, for the report's page map.</summary>
internal sealed class SnapshotAction(Template label) : ScenarioAction
{
    public override void Do(ActionContext context) => context.Findings.Maps.Add(PageMap.Of(context.Text(label), context.Moment));

    public override void Write(CSharpWriter writer) => writer.Line($"lab.Snapshot({writer.String(label)});");

    public override void Rehearse(Rehearsal rehearsal) => _ = rehearsal.Text(label);
}

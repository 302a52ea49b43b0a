using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Adds a line to the notes that stand below the tables of the results.</summary>
internal sealed class NoteAction(Template text) : ScenarioAction
{
    public override void Do(ActionContext context) => context.Findings.Notes.Add(context.Text(text));

    public override void Write(CSharpWriter writer) => writer.Line($"lab.Note({writer.String(text)});");

    public override void Rehearse(Rehearsal rehearsal) => _ = rehearsal.Text(text);
}

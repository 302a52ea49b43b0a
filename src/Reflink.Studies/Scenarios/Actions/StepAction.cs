using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>A step of <see cref="StepCatalog"/>, its words with values in them.</summary>
internal sealed class StepAction(string file, YamlPiece at, StepForm form, IReadOnlyList<Template> words) : ScenarioAction
{
    private readonly string _place = $"{file}:{at.Line}";

    public override void Do(ActionContext context) => context.Step(_place, form, [.. words.Select(context.Text)]);

    public override void Write(CSharpWriter writer) => writer.Line($"lab.Do({writer.Step(form.Name, words)});");

    public override void Rehearse(Rehearsal rehearsal)
    {
        foreach (var (i, word) in words.Index())
        {
            if (rehearsal.Text(word) is not { } text)
            {
                continue;
            }

            if ((form.Problem(i, text) ?? form.Missing?.Invoke(i, text)) is { } problem)
            {
                rehearsal.Add(word.At, $"'{form.Name}' {problem}");
            }
            else if (i == 0 && form.Missing is not null)
            {
                rehearsal.Files.Add(text);
            }
        }
    }
}

using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Fails the run unless a comparison holds: with it a scenario is a test.</summary>
internal sealed class ExpectAction(string file, YamlPiece at, string text, Formula condition, Template? because) : ScenarioAction
{
    public override void Do(ActionContext context)
    {
        if (!Located.At(file, at, () => context.IsTrue(condition)))
        {
            var values = condition.Names.Distinct().Select(name => $"{name} is {Formula.Show(context.ValueOf(name))}");
            var reason = because is null ? "" : $"; expected because {context.Text(because)}";
            throw new ReflinkException(Errno.EINVAL, $"{file}:{at.Line}: expected {Words.Short(text)}, but {string.Join(", ", values.DefaultIfEmpty("it is false"))}{reason}");
        }

        context.Findings.Expectations++;
    }

    public override void Write(CSharpWriter writer)
    {
        var reason = because is null ? "" : because.IsFixed ? $", {writer.String(because)}" : $", () => {writer.String(because)}";
        writer.Line($"lab.Expect({writer.Expression(condition, at).Text}{reason});");
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        if (rehearsal.Value(condition, at) is not (null or bool))
        {
            rehearsal.Add(at, "'expect' takes a comparison, such as frames <= 100");
        }
    }
}

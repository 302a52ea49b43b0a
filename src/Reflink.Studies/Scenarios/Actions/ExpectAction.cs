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
            throw new ReflinkException(Errno.EINVAL, $"{file}:{at.Line}: {Problem(context.ValueOf, because is null ? null : context.Text(because))}");
        }

        context.Findings.Expectations++;
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        var known = rehearsal.Value(condition, at);
        if (known is not (null or bool))
        {
            rehearsal.Add(at, "'expect' takes a comparison, such as frames <= 100");
        }
        else if (known is false && rehearsal.IsSure(condition))
        {
            rehearsal.Add(at, Problem(rehearsal.Given, because is null ? null : rehearsal.Text(because)));
        }
    }

    private string Problem(Func<string, object> valueOf, string? reason)
    {
        var values = condition.Names.Distinct().Select(name => $"{name} is {Formula.Show(valueOf(name))}");
        return $"expected {Words.Short(text)}, but {string.Join(", ", values.DefaultIfEmpty("it is false"))}{(reason is null ? "" : $"; expected because {reason}")}";
    }
}

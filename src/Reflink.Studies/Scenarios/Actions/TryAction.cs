namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Does steps until one fails, and gives a name the error's, such as ENOMEM, or an empty text if none failed.</summary>
internal sealed class TryAction(string name, IReadOnlyList<ScenarioAction> body) : ScenarioAction
{
    public override void Do(ActionContext context)
    {
        context.SetValue(name, "");
        try
        {
            context.Do(body);
        }
        catch (ReflinkException e)
        {
            context.SetValue(name, e.Error.ToString());
            context.HasChanged();
        }
    }

    public override void Write(CSharpWriter writer)
    {
        writer.Assign(name, "\"\"");
        writer.Line("try");
        writer.Body(body);
        var error = writer.Fresh("error");
        writer.Line($"catch (ReflinkException {error})");
        writer.Block(() => writer.Assign(name, $"{error}.Error.ToString()"));
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        rehearsal.Go(body);
        rehearsal.SetValue(name, null);
    }
}

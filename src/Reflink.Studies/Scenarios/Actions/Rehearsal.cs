using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>
/// Goes through a scenario without a machine, with one value for each parameter, and looks for what cannot be right. What only a
/// machine knows has no value here, and what depends on it is left for the run.
/// </summary>
internal sealed class Rehearsal(ScenarioProblems problems, IReadOnlyDictionary<string, object> values)
{
    private readonly Dictionary<string, object> _values = new(values, StringComparer.Ordinal);

    /// <summary>Files of this computer that the run will read: what is in them decides its result, too.</summary>
    public SortedSet<string> Files { get; } = new(StringComparer.Ordinal);

    public void Add(YamlPiece at, string problem) => problems.Add(at, problem);

    /// <summary>Gives a name a value, or with null takes it away: nobody knows it before the run.</summary>
    public void SetValue(string name, object? value)
    {
        if (value is null)
        {
            _values.Remove(name);
        }
        else
        {
            _values[name] = value;
        }
    }

    /// <summary>A template's text; null if that is not known.</summary>
    public string? Text(Template template)
    {
        object? failed = null;
        var text = template.Text(formula => Value(formula, template.At) ?? (failed = ""));
        return failed is null ? text : null;
    }

    /// <summary>A formula's value; null if that is not known.</summary>
    public object? Value(Formula formula, YamlPiece at)
    {
        if (!formula.Names.All(_values.ContainsKey))
        {
            return null;
        }

        var isRandom = false;
        try
        {
            var value = formula.Value(name => _values[name], _ =>
            {
                isRandom = true;
                return 0;
            });
            return isRandom ? null : value;
        }
        catch (ReflinkException e)
        {
            Add(at, e.Reason);
            return null;
        }
    }

    public void Go(IReadOnlyList<ScenarioAction> actions)
    {
        foreach (var action in actions)
        {
            action.Rehearse(this);
        }
    }
}

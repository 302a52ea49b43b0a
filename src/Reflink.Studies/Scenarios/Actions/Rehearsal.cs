using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>
/// Goes through a scenario without a machine, with one value for each parameter, and looks for what cannot be right. What only a
/// machine knows has no value here, and what depends on it is left for the run.
/// </summary>
internal sealed class Rehearsal(ScenarioProblems problems, IReadOnlyDictionary<string, object> values)
{
    private readonly Dictionary<string, object> _values = new(values, StringComparer.Ordinal);
    private readonly HashSet<string> _given = [.. values.Keys];
    private int _depth;

    /// <summary>Files of this computer that the run will read: what is in them decides its result, too.</summary>
    public SortedSet<string> Files { get; } = new(StringComparer.Ordinal);

    public void Add(YamlPiece at, string problem) => problems.Add(at, problem);

    /// <summary>Gives a name a value, or with null takes it away: nobody knows it before the run.</summary>
    public void SetValue(string name, object? value)
    {
        _given.Remove(name);
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

        var isAsked = false;
        try
        {
            var value = formula.Value(name => _values[name], (_, _) =>
            {
                isAsked = true;
                return 0L;
            });
            return isAsked ? null : value;
        }
        catch (ReflinkException e)
        {
            // What a run answers may make a value of what has none with 0.
            if (!isAsked)
            {
                Add(at, e.Reason);
            }

            return null;
        }
    }

    /// <summary>Whether a formula's value is sure before the run: it asks for parameters alone, at a place that is always come to. Loops are gone through twice at the most here, so what they add up is not known.</summary>
    public bool IsSure(Formula formula) => _depth == 1 && formula.Names.All(_given.Contains);

    public void Go(IReadOnlyList<ScenarioAction> actions)
    {
        _depth++;
        foreach (var action in actions)
        {
            action.Rehearse(this);
        }

        _depth--;
    }
}

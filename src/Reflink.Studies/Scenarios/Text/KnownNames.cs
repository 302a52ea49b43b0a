namespace Reflink.Studies.Scenarios.Text;

/// <summary>The names that formulas may use at a place: parameters, what loops and 'let' give, and metrics.</summary>
internal sealed class KnownNames(Func<string, bool> isMetric)
{
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal) { "seed" };

    /// <summary>A new name; what is wrong with it is then among the problems.</summary>
    public void Add(YamlScalar name, ScenarioProblems problems)
    {
        if (name.Text.Length == 0 || !char.IsAsciiLetter(name.Text[0]) || !name.Text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            problems.Add(name, $"'{name.Text}' is no name; names have letters, digits and '_', and begin with a letter");
        }
        else if (isMetric(name.Text) || name.Text == "seed")
        {
            problems.Add(name, $"'{name.Text}' is something that can be measured already; choose another name");
        }

        _names.Add(name.Text);
    }

    /// <summary>Says which names of a formula mean nothing.</summary>
    public void Require(IEnumerable<string> names, YamlPiece at, ScenarioProblems problems)
    {
        foreach (var name in names.Where(name => !_names.Contains(name) && !isMetric(name)))
        {
            problems.Add(at, name.Contains('.', StringComparison.Ordinal)
                ? $"nothing '{name}' can be measured; 'reflink study metrics' lists what can"
                : $"nothing is named '{name}' here; {Words.Known(name, _names)}, or a metric of 'reflink study metrics'");
        }
    }
}

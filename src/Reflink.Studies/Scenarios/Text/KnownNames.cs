namespace Reflink.Studies.Scenarios.Text;

/// <summary>The names that formulas may use at a place: parameters, what loops and 'let' give, and metrics that are not hidden by these.</summary>
internal sealed class KnownNames(Func<string, bool> isMetric)
{
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal) { "seed" };

    /// <summary>Metrics that are columns of the results.</summary>
    public ISet<string> Measured { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>A new name, which hides a metric of the same name. What is wrong with it is then among the problems.</summary>
    public void Add(YamlScalar name, ScenarioProblems problems)
    {
        if (name.Text.Length == 0 || !char.IsAsciiLetter(name.Text[0]) || !name.Text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            problems.Add(name, $"'{Words.Short(name.Text)}' is no name; names have letters, digits and '_', and begin with a letter");
        }
        else if (name.Text == "seed")
        {
            problems.Add(name, "'seed' is what random choices are drawn with; choose another name");
        }
        else if (Measured.Contains(name.Text))
        {
            problems.Add(name, $"'{name.Text}' is measured, too, so results would have two columns of that name; choose another name");
        }

        _names.Add(name.Text);
    }

    /// <summary>Says which names of a formula mean nothing.</summary>
    public void Require(IEnumerable<string> names, YamlPiece at, ScenarioProblems problems)
    {
        foreach (var name in names.Where(name => !_names.Contains(name) && !isMetric(name)))
        {
            problems.Add(at, name.Contains('.', StringComparison.Ordinal)
                ? $"nothing '{Words.Short(name)}' can be measured; 'reflink study metrics' lists what can"
                : $"nothing is named '{Words.Short(name)}' here; {Words.Known(name, _names)}, or a metric of 'reflink study metrics'");
        }
    }
}

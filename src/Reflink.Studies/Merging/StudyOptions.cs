namespace Reflink.Studies.Merging;

/// <summary>The values of a study's options, by name.</summary>
public sealed class StudyOptions
{
    private readonly Dictionary<string, long> _values;

    /// <summary>All usual values but those that are given.</summary>
    /// <param name="study">Whose options.</param>
    /// <param name="given">Values of some.</param>
    /// <exception cref="ArgumentException">A name is none of the study's, or a value lies outside of its range.</exception>
    public StudyOptions(IMergingStudy study, params IEnumerable<(string Name, long Value)> given)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(given);
        _values = study.Options.ToDictionary(o => o.Name, o => o.Usual);
        foreach (var (name, value) in given)
        {
            if (study.Options.FirstOrDefault(o => o.Name == name) is not { } option || value < option.Least || value > option.Most)
            {
                throw new ArgumentException($"{study.Name} takes no {name} of {value}", nameof(given));
            }

            _values[name] = value;
        }
    }

    /// <summary>The names and values.</summary>
    public IReadOnlyDictionary<string, long> Values => _values;

    /// <summary>The value of an option.</summary>
    public long this[string name] => _values[name];

    internal int Count(string name) => checked((int)_values[name]);
}

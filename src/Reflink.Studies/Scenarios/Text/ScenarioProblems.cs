namespace Reflink.Studies.Scenarios.Text;

/// <summary>Everything that is wrong with a scenario, so that its author is told all at once.</summary>
internal sealed class ScenarioProblems
{
    private readonly SortedDictionary<(int Line, int Column), string> _found = [];

    public bool HasAny => _found.Count > 0;

    public void Add(YamlPiece at, string message) => Add(at.Line, at.Column, message);

    /// <summary>Of several at one place the first counts: the others follow from it.</summary>
    public void Add(int line, int column, string message) => _found.TryAdd((line, column), message);

    /// <summary>Throws if there are any.</summary>
    /// <param name="file">The file's name.</param>
    /// <exception cref="ReflinkException">EINVAL: with a line for each.</exception>
    public void Require(string file)
    {
        if (HasAny)
        {
            var lines = _found.Select(p => $"{file}:{p.Key.Line}:{p.Key.Column}: {p.Value}");
            throw new ReflinkException(Units.Errno.EINVAL, $"{(_found.Count == 1 ? "a mistake" : $"{_found.Count} mistakes")} in the study, nothing was run:\n  {string.Join("\n  ", lines)}");
        }
    }
}

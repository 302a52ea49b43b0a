using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>What a run has found so far.</summary>
internal sealed class RunFindings
{
    private readonly OrderedDictionary<string, object?> _recorded = new(StringComparer.Ordinal);

    /// <summary>What was recorded, in the order of the first time.</summary>
    public IReadOnlyDictionary<string, object?> Recorded => _recorded;

    /// <summary>Page maps, in order.</summary>
    public List<PageMap> Maps { get; } = [];

    /// <summary>Rows of tables, in order.</summary>
    public List<ResultRow> Rows { get; } = [];

    /// <summary>Lines to stand below them.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>How many expectations held.</summary>
    public long Expectations { get; set; }

    public void Record(string name, object? value) => _recorded[name] = value;
}

namespace Reflink.Space;

/// <summary>Which derived block has which recipe, both ways: a recipe has one block in a sharing domain.</summary>
internal sealed class RecipeTable
{
    private readonly Dictionary<(int Domain, Recipe Recipe), BlockNumber> _blocks = [];
    private readonly Dictionary<BlockNumber, Entry> _entries = [];

    internal int Count => _entries.Count;

    // Few more than there are already find room as the tables grow.
    internal void Expect(int count)
    {
        if (count > Count)
        {
            _blocks.EnsureCapacity(Count + count);
            _entries.EnsureCapacity(Count + count);
        }
    }

    internal bool TryFind(int domain, Recipe recipe, out BlockNumber block) => _blocks.TryGetValue((domain, recipe), out block);

    internal bool TryGet(BlockNumber block, out Entry entry) => _entries.TryGetValue(block, out entry);

    internal void Add(BlockNumber block, Entry entry)
    {
        _blocks.Add((entry.Domain, entry.Recipe), block);
        _entries.Add(block, entry);
    }

    internal Entry Remove(BlockNumber block)
    {
        var found = _entries.Remove(block, out var entry);
        Invariant.Check(found);
        _blocks.Remove((entry.Domain, entry.Recipe));
        return entry;
    }

    /// <summary>A recipe in its domain. <see cref="OwnsRoots"/> remembers what was done at birth, so that death undoes just that.</summary>
    internal readonly record struct Entry(int Domain, Recipe Recipe, bool OwnsRoots);
}

using System.Collections;

namespace Reflink.Inodes;

/// <summary>
/// Walks the extents of a range. Within a leaf it only counts on; from leaf to leaf it looks up the next page from the root,
/// which needs neither a stack nor links between leaves (that shared leaves could not have).
/// </summary>
internal struct ExtentEnumerator : IEnumerator<Extent>
{
    private readonly ExtentMap _map;
    private readonly PageRange _range;
    private readonly long _version;
    private LeafNode? _leaf;
    private int _next;
    private PageIndex _from;

    internal ExtentEnumerator(ExtentMap map, PageRange range)
    {
        _map = map;
        _range = range;
        _version = map.Version;
        _from = range.Start;
    }

    /// <inheritdoc/>
    public Extent Current { get; private set; }

    readonly object IEnumerator.Current => Current;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        Invariant.Check(_map.Version == _version);
        if (_leaf is null || _next == _leaf.Count)
        {
            _leaf = TreeCursor.Find(_map.Root, _from, out _next);
        }

        if (_leaf is null || _leaf.Slots[_next].Start >= _range.End)
        {
            return false;
        }

        var extent = _leaf.Slots[_next++];
        Current = extent.Clip(_range.Start, _range.End);
        _from = extent.End;
        return true;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _leaf = null;
        _from = _range.Start;
    }

    /// <inheritdoc/>
    public readonly void Dispose()
    {
    }
}

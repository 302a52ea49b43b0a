namespace Reflink.Patching.Sets;

/// <summary>Walks a patch set page by page: an entry that crosses a page comes in two parts.</summary>
internal struct PatchCursor
{
    private readonly PatchSet _set;
    private int _index;
    private int _done;

    public PatchCursor(PatchSet set) => _set = set;

    /// <summary>Whether there is no part left.</summary>
    public readonly bool IsAtEnd => _index == _set.Count;

    /// <summary>The file offset of the part.</summary>
    public readonly long Offset => _set.Offset(_index) + _done;

    /// <summary>The page that the part lies in.</summary>
    public readonly PageIndex Page => PageIndex.Of(Offset);

    /// <summary>Where in its page the part begins.</summary>
    public readonly int OffsetInPage => (int)(Offset & (Reflink.Page.Size - 1));

    /// <summary>The bytes that were there.</summary>
    public readonly ReadOnlySpan<byte> Old => Part(_set.Old(_index));

    /// <summary>The bytes that come there.</summary>
    public readonly ReadOnlySpan<byte> New => Part(_set.New(_index));

    /// <summary>Goes to the next part.</summary>
    public void Advance()
    {
        _done += Old.Length;
        if (_done == _set.Old(_index).Length)
        {
            (_index, _done) = (_index + 1, 0);
        }
    }

    /// <summary>Goes forward to the first part that ends behind the start of a page.</summary>
    public void MoveTo(PageIndex page)
    {
        var index = _set.FirstBehind(page.Offset, _index);
        var done = index < _set.Count ? (int)Math.Max(0, page.Offset - _set.Offset(index)) : 0;
        (_index, _done) = (index, index == _index ? Math.Max(_done, done) : done);
    }

    private readonly ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes) =>
        bytes.Slice(_done, Math.Min(bytes.Length - _done, Reflink.Page.Size - OffsetInPage));
}

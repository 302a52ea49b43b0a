namespace Reflink.Inodes;

/// <content>The verbs that change a map.</content>
internal sealed partial class ExtentMap
{
    /// <summary>
    /// Maps a range to blocks side by side (or all of it to block 0) and takes over the caller's ownership of them. What was
    /// mapped there is released, afterwards.
    /// </summary>
    internal void Map(PageIndex start, long length, BlockNumber block)
    {
        Invariant.Check(length > 0);
        Invariant.Check(start.Value >= 0);
        Version++;
        var waiting = _reaper.Pending;
        _reaper.Editor.Map(ref _root, new Extent(start, length, block));
        _reaper.Editor.Settle();
        StepIfMoreThan(waiting);
    }

    /// <summary>Makes a range a hole and releases what was mapped there.</summary>
    internal void Unmap(PageRange range)
    {
        if (range.IsEmpty)
        {
            return;
        }

        Version++;
        var waiting = _reaper.Pending;
        _reaper.Editor.Cut(ref _root, range);
        _reaper.Editor.Settle();
        StepIfMoreThan(waiting);
    }

    /// <summary>A map of the same blocks: the root gains a reference, and that is all, whatever the size.</summary>
    internal ExtentMap Clone()
    {
        ExtentMap clone = new(_space, _reaper) { _root = _root };
        if (_root is not null)
        {
            _root.References++;
        }

        return clone;
    }

    /// <summary>Drops what is mapped and maps the same blocks as another map (FICLONE onto this one).</summary>
    internal void Become(ExtentMap other)
    {
        Invariant.Check(ReferenceEquals(_reaper, other._reaper));
        if (ReferenceEquals(_root, other._root))
        {
            return;
        }

        var old = _root;
        _root = other._root;
        if (_root is not null)
        {
            _root.References++;
        }

        Drop(old);
    }

    /// <summary>
    /// Makes unwritten pages holes, as a new clone does: the space that is kept stays the source's (xfs_reflink_remap_extent skips
    /// unwritten extents, too). Costs nothing where there are none.
    /// </summary>
    internal void DropUnwritten()
    {
        if (UnwrittenCount == 0)
        {
            return;
        }

        List<PageRange> unwritten = [];
        foreach (var extent in Extents(PageRange.All))
        {
            if (extent.IsUnwritten)
            {
                unwritten.Add(extent.Range);
            }
        }

        unwritten.ForEach(Unmap);
    }

    /// <summary>Takes a tree that was read from a journal; the map is one hole.</summary>
    internal void Adopt(Node root)
    {
        Invariant.Check(_root is null);
        root.References++;
        _root = root;
    }

    /// <summary>Unmaps everything; a tree that nobody else shares is left to the reaper, which frees a small one at once.</summary>
    internal void Clear()
    {
        var old = _root;
        _root = null;
        Drop(old);
    }

    /// <summary>Takes a range out: unmaps it and moves all that lies behind it to the left (FALLOC_FL_COLLAPSE_RANGE).</summary>
    internal void Collapse(PageRange range)
    {
        if (range.IsEmpty)
        {
            return;
        }

        Unmap(range);
        _reaper.Editor.Shift(ref _root, range.End, -range.Length);
        Rejoin(range.Start);
    }

    /// <summary>Puts a hole in: moves what lies at a page or behind it to the right (FALLOC_FL_INSERT_RANGE).</summary>
    internal void Insert(PageIndex at, long length)
    {
        Invariant.Check(length >= 0);
        Version++;
        var cuts = TreeCursor.TryFindAround(_root, at, out var around) && around.Start < at;
        var behind = around.Clip(at, around.End);
        if (cuts)
        {
            _space.Share(behind.Block, behind.Length);
            Unmap(behind.Range);
        }

        _reaper.Editor.Shift(ref _root, at, length);
        if (cuts)
        {
            Map(at + length, behind.Length, behind.Block);
        }
    }

    /// <summary>Joins the extent that begins at a page with the one before, where that is right: maps it anew to its own blocks.</summary>
    private void Rejoin(PageIndex seam)
    {
        if (seam.Value > 0
            && TreeCursor.TryFindAround(_root, seam - 1, out var left)
            && TreeCursor.TryFindAround(_root, seam, out var right)
            && left.Continues(right))
        {
            _space.Share(right.Block, right.Length);
            Map(right.Start, right.Length, right.Block);
        }
    }

    private void Drop(Node? root)
    {
        Version++;
        if (root is null)
        {
            return;
        }

        var waiting = _reaper.Pending;
        _reaper.Drop(root);
        StepIfMoreThan(waiting);
    }

    /// <summary>Every drop of a tree does one step of the reaper's work, so that small trees are freed at once.</summary>
    private void StepIfMoreThan(int waiting)
    {
        if (_reaper.Pending > waiting)
        {
            _reaper.Step();
        }
    }
}

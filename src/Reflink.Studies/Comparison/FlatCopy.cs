using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>
/// Pages of a file as a mapping shows them, and changes in them: what a process must load without and with the changes. The
/// original is kept once for all sets of changes, and nothing is kept of what they make of it.
/// </summary>
public sealed class FlatCopy
{
    private readonly byte[] _original;

    /// <summary>Copies pages without changes.</summary>
    /// <param name="pages">The pages of the file.</param>
    /// <param name="bytes">What the file has there; behind its end a mapping shows zeroes.</param>
    internal FlatCopy(PageRange pages, ReadOnlySpan<byte> bytes)
    {
        (Pages, _original) = (pages, new byte[pages.Length << Page.Shift]);
        bytes.CopyTo(_original);
        Changes = new PatchSetBuilder().Build();
    }

    private FlatCopy(FlatCopy other, PatchSet changes) => (Pages, _original, Changes) = (other.Pages, other._original, changes);

    /// <summary>The pages of the file.</summary>
    public PageRange Pages { get; }

    /// <summary>The changes, cut to the pages.</summary>
    public PatchSet Changes { get; }

    /// <summary>Bytes of a mapping.</summary>
    public long Length => _original.Length;

    /// <summary>The same pages with those of the changes that lie in them.</summary>
    public FlatCopy With(PatchSet all) => new(this, Within(all));

    /// <summary>Writes what a process must load.</summary>
    /// <param name="at">Where, counted from the first page.</param>
    /// <param name="into">As many bytes as it is long.</param>
    /// <param name="changed">Whether the changes are made.</param>
    internal void Show(long at, Span<byte> into, bool changed)
    {
        _original.AsSpan((int)at, into.Length).CopyTo(into);
        var start = Pages.Start.Offset + at;
        for (var i = changed ? FirstBehind(start) : Changes.Count; i < Changes.Count && Changes.Offset(i) < start + into.Length; i++)
        {
            var (from, to) = (Math.Max(start, Changes.Offset(i)), Math.Min(start + into.Length, Changes[i].End));
            var part = (int)(from - Changes.Offset(i))..(int)(to - Changes.Offset(i));
            Changes.New(i)[part].CopyTo(into[(int)(from - start)..]);
        }
    }

    /// <summary>Whether a frame that shows at a page holds all changed bytes of the page, of which there is one or more.</summary>
    internal bool HoldsChanges(PageIndex page, ReadOnlySpan<byte> frame)
    {
        var next = FirstBehind(page.Offset);
        if (next == Changes.Count || Changes.Offset(next) >= (page + 1).Offset)
        {
            return false;
        }

        Span<byte> changed = stackalloc byte[Page.Size];
        var at = page.Offset - Pages.Start.Offset;
        Show(at, changed, changed: true);
        return !changed.SequenceEqual(_original.AsSpan((int)at, Page.Size)) && frame.SequenceEqual(changed);
    }

    // The first change that ends behind a file offset; changes are sorted and do not overlap.
    private int FirstBehind(long offset)
    {
        var (low, high) = (0, Changes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Changes[middle].End > offset ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    // Two segments may meet in one page, which then shows the changes of both in both mappings.
    private PatchSet Within(PatchSet all)
    {
        var (start, end) = (Pages.Start.Offset, Pages.End.Offset);
        if (PatchChecker.IsWithin(all, start, end))
        {
            return all;
        }

        var builder = new PatchSetBuilder(all.Target);
        for (var i = 0; i < all.Count; i++)
        {
            var (from, to) = (Math.Max(start, all.Offset(i)), Math.Min(end, all[i].End));
            if (from < to)
            {
                var part = (int)(from - all.Offset(i))..(int)(to - all.Offset(i));
                builder.Add(from, all.Old(i)[part], all.New(i)[part], all.Name(i));
            }
        }

        return builder.Build();
    }
}

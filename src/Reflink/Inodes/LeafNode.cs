using System.Runtime.CompilerServices;

namespace Reflink.Inodes;

/// <summary>A leaf: up to 32 extents in order. The leaf, not the map above it, is the owner of their blocks.</summary>
internal sealed class LeafNode : Node
{
    private ExtentSlots _slots;

    /// <summary>All slots; those from <see cref="Node.Count"/> on mean nothing.</summary>
    internal Span<Extent> Slots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _slots;
    }

    internal override PageIndex First => Slots[0].Start;

    /// <summary>
    /// The last extent that begins at the page or before; -1 if none does. No extent is shorter than a page, so none beyond the
    /// distance from the first can be meant; in a file of single pages, the most fragmented one, that is the very slot.
    /// </summary>
    internal int Floor(PageIndex page)
    {
        ReadOnlySpan<Extent> slots = Slots;
        var distance = page - slots[0].Start;
        var low = -1;
        var high = (int)Math.Clamp(distance + 1, 0, Count);
        if (high > 0 && slots[high - 1].Start <= page)
        {
            return high - 1;
        }

        while (high - low > 1)
        {
            var middle = (low + high) >>> 1;
            if (slots[middle].Start <= page)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The first extent that ends behind the page, around it or after it; <see cref="Node.Count"/> if none does.</summary>
    internal int FirstEndingBehind(PageIndex page)
    {
        var floor = Floor(page);
        return floor >= 0 && Slots[floor].End > page ? floor : floor + 1;
    }

    internal void Set(int at, Extent extent)
    {
        Sums += NodeSums.Of(extent) - NodeSums.Of(Slots[at]);
        Slots[at] = extent;
    }

    internal void InsertAt(int at, Extent extent)
    {
        Slots[at..Count].CopyTo(Slots[(at + 1)..]);
        Slots[at] = extent;
        Count++;
        Sums += NodeSums.Of(extent);
    }

    internal void RemoveAt(int at, int count)
    {
        foreach (var extent in Slots.Slice(at, count))
        {
            Sums -= NodeSums.Of(extent);
        }

        Slots[(at + count)..Count].CopyTo(Slots[at..]);
        Count -= count;
    }

    /// <summary>Moves the extents from <paramref name="at"/> on into a new leaf to the right; perhaps none.</summary>
    internal LeafNode SplitAt(int at, NodePool pool)
    {
        var right = pool.TakeLeaf();
        for (var i = at; i < Count; i++)
        {
            right.InsertAt(i - at, Slots[i]);
        }

        RemoveAt(at, Count - at);
        return right;
    }

    /// <summary>A leaf with the same extents, whose blocks have not yet gained the owner that it is.</summary>
    internal LeafNode Duplicate(NodePool pool)
    {
        var copy = pool.TakeLeaf();
        (copy.Count, copy.Sums, copy._slots) = (Count, Sums, _slots);
        return copy;
    }
}

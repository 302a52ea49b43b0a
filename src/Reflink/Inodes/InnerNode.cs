using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Reflink.Inodes;

/// <summary>An inner node: up to 32 children of equal height, each under the first page that it maps.</summary>
internal sealed class InnerNode : Node
{
    private KeySlots _keys;
    private ChildSlots _children;

    /// <summary>The first page of each child.</summary>
    internal Span<PageIndex> Keys
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _keys;
    }

    /// <summary>The children; null from <see cref="Node.Count"/> on.</summary>
    internal Span<Node?> Children
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _children;
    }

    internal override PageIndex First => Keys[0];

    /// <summary>
    /// The only child in which an extent around the page can be: the last that begins there or before, else the first. Counted
    /// without branches: which way a search turns cannot be foretold, and every look-up passes here.
    /// </summary>
    internal int ChildFor(PageIndex page)
    {
        ReadOnlySpan<long> keys = MemoryMarshal.Cast<PageIndex, long>(Keys[..Count]);
        var pages = Vector256.Create(page.Value);
        var begun = Vector256<long>.Zero;
        var at = 0;
        for (; at + Vector256<long>.Count <= keys.Length; at += Vector256<long>.Count)
        {
            begun -= Vector256.LessThanOrEqual(Vector256.Create(keys[at..]), pages);
        }

        var count = (int)Vector256.Sum(begun);
        for (; at < keys.Length; at++)
        {
            count += keys[at] <= page.Value ? 1 : 0;
        }

        return Math.Max(0, count - 1);
    }

    /// <summary>Brings key and sums up to date after a child, which had these sums before, was changed.</summary>
    internal void ChildChanged(int at, NodeSums before)
    {
        var child = Children[at]!;
        Sums += child.Sums - before;
        if (child.Count > 0)
        {
            Keys[at] = child.First;
        }
    }

    internal void InsertAt(int at, Node child)
    {
        Keys[at..Count].CopyTo(Keys[(at + 1)..]);
        Children[at..Count].CopyTo(Children[(at + 1)..]);
        Keys[at] = child.First;
        Children[at] = child;
        Count++;
        Sums += child.Sums;
    }

    /// <summary>Lets go of a child; its reference is the caller's to drop.</summary>
    internal void RemoveAt(int at)
    {
        var child = Children[at]!;
        Sums -= child.Sums;
        Keys[(at + 1)..Count].CopyTo(Keys[at..]);
        Children[(at + 1)..Count].CopyTo(Children[at..]);
        Count--;
        Children[Count] = null;
    }

    /// <summary>Moves the children from <paramref name="at"/> on into a new node to the right; perhaps none.</summary>
    internal InnerNode SplitAt(int at, NodePool pool)
    {
        var right = pool.TakeInner();
        while (Count > at)
        {
            right.InsertAt(0, Children[Count - 1]!);
            RemoveAt(Count - 1);
        }

        return right;
    }

    /// <summary>A node with the same children, which have not yet gained the reference that it is.</summary>
    internal InnerNode Duplicate(NodePool pool)
    {
        var copy = pool.TakeInner();
        (copy.Count, copy.Sums) = (Count, Sums);
        (copy._keys, copy._children) = (_keys, _children);
        return copy;
    }

    internal override void Reset()
    {
        base.Reset();
        Children.Clear();
    }
}

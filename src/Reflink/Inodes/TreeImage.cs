namespace Reflink.Inodes;

/// <summary>
/// Extent trees as bytes: every node once, however many maps share it, children before parents. What shares nodes shares them
/// after recovery, too, so that neither the bytes nor the memory grow with the number of clones.
/// </summary>
internal static class TreeImage
{
    /// <summary>Writes the trees of inodes down.</summary>
    public static void Put(ByteWriter to, IReadOnlyList<Inode> inodes)
    {
        var numbers = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        var roots = new ByteWriter();
        var nodes = new ByteWriter();
        foreach (var inode in inodes)
        {
            if (inode.Map.Root is { } root)
            {
                roots.Put(inode.Number.Value);
                roots.Put(Number(nodes, root, numbers));
            }
        }

        to.Put(numbers.Count);
        to.PutRaw(nodes.Bytes);
        to.Put(inodes.Count(i => i.Map.Root is not null));
        to.PutRaw(roots.Bytes);
    }

    /// <summary>Gives inodes that are one hole each the trees that they had.</summary>
    /// <exception cref="InvalidDataException">The bytes are no image.</exception>
    public static void Take(ref ByteReader from, InodeTable inodes, NodePool pool)
    {
        var nodes = new Node[from.TakeCount()];
        for (var n = 0; n < nodes.Length; n++)
        {
            nodes[n] = from.Take() == 0 ? TakeLeaf(ref from, pool) : TakeInner(ref from, pool, nodes);

            // So far nobody holds it.
            nodes[n].References = 0;
        }

        for (var roots = from.TakeCount(); roots > 0; roots--)
        {
            var inode = new InodeNumber(from.Take());
            inodes[inode].Map.Adopt(nodes[from.TakeCount()]);
        }
    }

    private static int Number(ByteWriter to, Node node, Dictionary<Node, int> numbers)
    {
        if (numbers.TryGetValue(node, out var number))
        {
            return number;
        }

        if (node is InnerNode inner)
        {
            Span<int> children = stackalloc int[Node.MaxFanOut];
            for (var n = 0; n < inner.Count; n++)
            {
                children[n] = Number(to, inner.Children[n]!, numbers);
            }

            to.Put(1);
            to.Put(inner.Count);
            foreach (var child in children[..inner.Count])
            {
                to.Put(child);
            }
        }
        else
        {
            PutLeaf(to, (LeafNode)node);
        }

        numbers.Add(node, numbers.Count);
        return numbers.Count - 1;
    }

    // Extents as distances: those of a file written in one go are small numbers.
    private static void PutLeaf(ByteWriter to, LeafNode leaf)
    {
        to.Put(0);
        to.Put(leaf.Count);
        var (page, block) = (0L, 0L);
        foreach (ref readonly var extent in leaf.Slots[..leaf.Count])
        {
            to.Put(extent.Start.Value - page);
            to.Put(extent.Length);
            to.Put(unchecked(extent.Block.Value - block));
            (page, block) = (extent.End.Value, extent.Block.Value);
        }
    }

    private static LeafNode TakeLeaf(ref ByteReader from, NodePool pool)
    {
        var leaf = pool.TakeLeaf();
        var (page, block) = (0L, 0L);
        for (var n = CountOf(ref from); n > 0; n--)
        {
            page += from.Take();
            var length = from.Take();
            block = unchecked(block + from.Take());
            leaf.InsertAt(leaf.Count, new Extent(new PageIndex(page), length, new BlockNumber(block)));
            page += length;
        }

        return leaf;
    }

    private static InnerNode TakeInner(ref ByteReader from, NodePool pool, Node[] nodes)
    {
        var inner = pool.TakeInner();
        for (var n = CountOf(ref from); n > 0; n--)
        {
            var child = nodes[from.TakeCount()];
            child.References++;
            inner.InsertAt(inner.Count, child);
        }

        return inner;
    }

    private static int CountOf(ref ByteReader from) =>
        from.TakeCount() is > 0 and <= Node.MaxFanOut and var count ? count : throw new InvalidDataException("a node of no such size");
}

namespace Reflink.Ksm.Sets;

/// <summary>
/// The pages of this pass that found no equal, by content: a hash table in place of the kernel's tree. Its answers
/// are those of the tree while no page changes in the middle of a pass. If a pass is cut into batches, pages may change between them;
/// then the tree is kept as well, and a search of it may be misled by changed pages as the kernel's is.
/// </summary>
internal sealed class UnstableSet(RecordPool<RmapItem> items)
{
    private readonly RecordIndex _waiting = new(item => items[item].Key);

    /// <summary>How often the set was cleared, modulo 256. Items of another generation are no longer in the set.</summary>
    public byte Generation { get; private set; }

    /// <summary>The items in the kernel's order; kept in passes that are cut into batches.</summary>
    public ContentTree Tree { get; } = new();

    /// <summary>Bytes of table and tree.</summary>
    public long Bytes => _waiting.Bytes + Tree.Bytes;

    /// <summary>The first item that may have this content; go on with <see cref="Next"/> and compare the keys.</summary>
    public int First(ulong key, out int at) => _waiting.First(key, out at);

    /// <summary>The next item that may have this content; 0 if there is none.</summary>
    public int Next(ulong key, ref int at) => _waiting.Next(key, ref at);

    /// <summary>Has the processor prefetch the place of a content.</summary>
    public void Prefetch(ulong hash) => _waiting.Prefetch(hash);

    public void Add(int item) => _waiting.Add(items[item].Key, item);

    public void Remove(int item)
    {
        _waiting.Remove(items[item].Key, item);
        Tree.Erase(item);
    }

    /// <summary>Empties the set and stops keeping the order, when a pass begins. The items still say that they are in the set.</summary>
    public void Clear()
    {
        Generation = unchecked((byte)(Generation + 1));
        Tree.Clear();

        // All items may come to wait in this pass: room for them is made at once, since growing reads all of them again.
        _waiting.Clear(items.Count, items.Largest);
    }
}

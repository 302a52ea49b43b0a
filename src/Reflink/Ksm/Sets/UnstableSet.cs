using System.Numerics;

namespace Reflink.Ksm.Sets;

/// <summary>
/// The pages of this pass that found no equal, by content: a hash table through the items in place of the kernel's tree. Its answers
/// are those of the tree while no page changes in the middle of a pass. If a pass is cut into batches, pages may change between them;
/// then the tree is kept as well, and a search of it may be misled by changed pages as the kernel's is.
/// </summary>
internal sealed class UnstableSet(RecordPool<RmapItem> items)
{
    private int[] _heads = new int[64];
    private int _count;

    /// <summary>How often the set was cleared, modulo 256. Items of another generation are no longer in the set.</summary>
    public byte Generation { get; private set; }

    /// <summary>The items in the kernel's order; kept in passes that are cut into batches.</summary>
    public ContentTree Tree { get; } = new();

    /// <summary>Bytes of table and tree; the chains run through the items.</summary>
    public long Bytes => (_heads.Length * sizeof(int)) + Tree.Bytes;

    /// <summary>The first item of a content; go on with <see cref="RmapItem.Link"/> and compare the keys.</summary>
    public int First(ulong key) => _heads[Bucket(key)];

    /// <summary>Has the processor prefetch the bucket of a content.</summary>
    public void Prefetch(ulong hash) => Prefetching.Begin(ref _heads[Bucket(hash)]);

    public void Add(int item)
    {
        if (_count == _heads.Length)
        {
            Grow();
        }

        ref var record = ref items[item];
        ref var head = ref _heads[Bucket(record.Key)];
        (record.Link, head) = (head, item);
        _count++;
    }

    public void Remove(int item)
    {
        ref var record = ref items[item];
        ref var link = ref _heads[Bucket(record.Key)];
        while (link != item)
        {
            link = ref items[link].Link;
        }

        link = record.Link;
        _count--;
        Tree.Erase(item);
    }

    /// <summary>Empties the set and stops keeping the order, when a pass begins. The items still say that they are in the set.</summary>
    public void Clear()
    {
        Generation = unchecked((byte)(Generation + 1));
        Tree.Clear();
        if (_count > 0)
        {
            Array.Clear(_heads);
            _count = 0;
        }

        // All items may come to wait in this pass: room for them is made at once, since growing links all of them again.
        if (items.Count > _heads.Length)
        {
            _heads = new int[BitOperations.RoundUpToPowerOf2((uint)items.Count)];
        }
    }

    private int Bucket(ulong hash) => (int)(hash >> (64 - BitOperations.Log2((uint)_heads.Length)));

    private void Grow()
    {
        var old = _heads;
        _heads = new int[old.Length * 2];
        foreach (var head in old)
        {
            for (var item = head; item != 0;)
            {
                var next = items[item].Link;
                ref var bucket = ref _heads[Bucket(items[item].Key)];
                (items[item].Link, bucket) = (bucket, item);
                item = next;
            }
        }
    }
}

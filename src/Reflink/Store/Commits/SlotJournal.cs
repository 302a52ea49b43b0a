using Reflink.Store.Slots;

namespace Reflink.Store.Commits;

/// <summary>
/// The part of a commit that says where pages are, in runs of slots whose blocks and addresses go up together; pages that
/// were written one after the other are one run a page of the log.
/// </summary>
internal static class SlotJournal
{
    /// <summary>A slot: the block whose page it holds (block 0: it is free), and where the page lies.</summary>
    public readonly record struct Entry(int Slot, BlockNumber Block, long Address);

    /// <summary>Puts entries, in order of their slots.</summary>
    public static void Put(ByteWriter writer, IReadOnlyList<Entry> entries)
    {
        var runs = new ByteWriter();
        var (count, last) = (0, default(Entry));
        for (var n = 0; n < entries.Count;)
        {
            var first = entries[n];
            var length = 1;
            while (n + length < entries.Count && entries[n + length] == After(first, length))
            {
                length++;
            }

            runs.Put(first.Slot - last.Slot);
            runs.Put(first.Block.IsZero ? 0 : first.Block.Serial);
            runs.Put(first.Address - last.Address);
            runs.Put(length);
            last = first;
            n += length;
            count++;
        }

        writer.Put(count);
        writer.PutRaw(runs.Bytes);
    }

    /// <summary>Takes entries out and hands on each.</summary>
    /// <exception cref="InvalidDataException">The bytes are none of ours.</exception>
    public static void Take(ref ByteReader reader, Action<Entry> entry)
    {
        var (slot, address) = (0L, 0L);
        for (var runs = reader.TakeCount(); runs > 0; runs--)
        {
            slot += reader.Take();
            var serial = reader.Take();
            address += reader.Take();
            var first = new Entry(checked((int)slot), serial == 0 ? BlockNumber.Zero : BlockNumber.Of(BlockKind.Stored, serial), address);
            var length = reader.TakeCount();
            for (var n = 0; n < length; n++)
            {
                entry(After(first, n));
            }
        }
    }

    private static Entry After(Entry first, int n) => new(
        first.Slot + n, first.Block + n, first.Block.IsZero ? 0 : first.Address + ((long)n * PageLog.RecordBytes));
}

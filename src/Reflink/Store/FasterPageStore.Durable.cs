using System.Text;
using Reflink.Store.Commits;
using Reflink.Store.Disks;
using Reflink.Store.Slots;

namespace Reflink.Store;

/// <content>What outlasts the process.</content>
internal sealed partial class FasterPageStore
{
    private readonly FileSlots? _durable;
    private readonly StoreJournal? _journal;
    private readonly IDisk? _disk;
    private readonly StoreGeometry _sizes;
    private readonly List<ReadOnlyMemory<byte>> _recovered = [];
    private bool _isCreated;

    private FasterPageStore(IDisk folder, StoreOptions options)
        : this(folder, StoreGeometry.Of(1L << (63 - (int)long.LeadingZeroCount(options.Memory))), options.Use)
    {
    }

    /// <summary>A store on a disk, which it disposes of: what the last commit left, or a new one.</summary>
    /// <exception cref="ReflinkException">EINVAL, EIO: the store is not ours, or damaged.</exception>
    internal FasterPageStore(IDisk disk, StoreGeometry sizes, StoreUse use, long leastChanges = StoreJournal.LeastChanges)
    {
        (_disk, IsReadOnly) = (disk, use == StoreUse.ReadOnly);
        if (use == StoreUse.Scratch)
        {
            _slots = new FileSlots(disk, sizes, use);
            return;
        }

        try
        {
            var isThere = IsThere(disk);
            if (!isThere)
            {
                DeleteUnfinished(disk);
            }

            List<byte[]> frames = [];
            _journal = isThere ? StoreJournal.Open(disk, leastChanges, out frames) : StoreJournal.Create(disk, leastChanges);
            var slots = ReadFrames(frames, ref sizes);
            _sizes = sizes;
            _slots = _durable = new FileSlots(disk, sizes, use);
            Restore(slots);
            if (!IsReadOnly)
            {
                _journal.DeleteOthers();
                _durable.Committed();
                if (isThere)
                {
                    FinishCreation();
                }
            }
        }
        catch (Exception e)
        {
            _journal?.Dispose();
            disk.Dispose();
            if (StoreErrors.IsOfFiles(e))
            {
                throw StoreErrors.Describe(disk.Place, e, "cannot be used");
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public bool IsDurable => _durable is not null;

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <inheritdoc/>
    bool IDurableStore.HasChanged => _durable!.HasChanged;

    /// <inheritdoc/>
    bool IDurableStore.NeedsFullRecord => _journal!.NeedsFullRecord;

    /// <inheritdoc/>
    IReadOnlyList<ReadOnlyMemory<byte>> IDurableStore.RecoveredRecords => _recovered;

    /// <inheritdoc/>
    IEnumerable<BlockNumber> IDurableStore.Blocks => _slotOf.Blocks;

    /// <inheritdoc/>
    void IDurableStore.Commit(ReadOnlySpan<byte> record, CommitScope scope)
    {
        var isWhole = scope == CommitScope.Everything;
        Invariant.Check(!IsReadOnly);
        _durable!.Prepare();
        var frame = new ByteWriter();
        frame.Put(_sizes.LogPage);
        frame.Put(_sizes.Segment);
        SlotJournal.Put(frame, [.. (isWhole ? Enumerable.Range(0, _nextSlot) : _durable.Changed).Select(EntryOf).Where(e => !isWhole || !e.Block.IsZero)]);
        frame.PutRaw(record);
        _journal!.Commit(frame.Bytes, scope);
        _durable.Committed();
        FinishCreation();
    }

    // Swapped pages mean nothing to another process.
    private SlotJournal.Entry EntryOf(int slot) => _slotOf.BlockOf(slot) is { Kind: BlockKind.Stored } block
        ? new(slot, block, _durable!.AddressOf(slot))
        : new(slot, BlockNumber.Zero, 0);

    private void FinishCreation()
    {
        if (!_isCreated)
        {
            try
            {
                _disk!.Manifest.Write(0, Encoding.ASCII.GetBytes(StoreFiles.DurableManifest + StoreFiles.DurableManifest));
                _disk.Flush();
            }
            catch (Exception e) when (StoreErrors.IsOfFiles(e))
            {
                throw StoreErrors.Describe(_disk!.Place, e, "cannot be made");
            }

            _isCreated = true;
        }
    }

    // Nothing was ever promised of a store that has neither a manifest nor a commit; either is enough.
    private bool IsThere(IDisk disk)
    {
        var (manifest, hasCommit) = (StoreFiles.StateOf(disk), StoreJournal.IsIn(disk));
        if (manifest == ManifestState.Unknown && (!hasCommit || StoreFiles.IsOfAnother(disk)))
        {
            throw StoreFiles.Another(disk);
        }

        if (StoreJournal.IsLostIn(disk))
        {
            throw StoreErrors.Damaged(disk.Place, StoreFiles.Commits, "names no commit");
        }

        _isCreated = manifest == ManifestState.Whole;
        return hasCommit || manifest is ManifestState.Whole or ManifestState.Damaged;
    }

    private void DeleteUnfinished(IDisk disk)
    {
        if (IsReadOnly)
        {
            throw new ReflinkException(Errno.EINVAL, $"the folder {disk.Place} has no finished store; create one");
        }

        foreach (var name in disk.Names)
        {
            disk.Delete(name);
        }
    }

    private SortedDictionary<int, SlotJournal.Entry> ReadFrames(List<byte[]> frames, ref StoreGeometry sizes)
    {
        var slots = new Dictionary<int, SlotJournal.Entry>();
        try
        {
            foreach (var frame in frames)
            {
                var reader = new ByteReader(frame);
                sizes = sizes.WithFilesOf(reader.Take(), reader.Take());
                SlotJournal.Take(ref reader, e => slots[e.Slot] = e);
                _recovered.Add(frame.AsMemory(frame.Length - reader.Rest.Length));
            }
        }
        catch (InvalidDataException e)
        {
            throw StoreErrors.Damaged(_disk!.Place, "the journal", $"cannot be understood ({e.Message})");
        }

        return new(slots);
    }

    private void Restore(SortedDictionary<int, SlotJournal.Entry> slots)
    {
        foreach (var (slot, entry) in slots)
        {
            if (!entry.Block.IsZero)
            {
                for (; _nextSlot < slot; _nextSlot++)
                {
                    _free.Push(_nextSlot);
                }

                _slotOf.Add(entry.Block, slot);
                _durable!.Restore(slot, entry.Address);
                _nextSlot = slot + 1;
            }
        }
    }
}

using Reflink.Inodes;
using Reflink.Space;
using Reflink.Store;
using Reflink.Store.Commits;

namespace Reflink.Files.Durable;

/// <summary>
/// What a durable volume's commits say: the changes since the one before, or, now and then, all of it. It knows inodes that have
/// names or had them; what processes and patches make (private and derived inodes) ends with the machine.
/// </summary>
internal sealed class VolumeJournal(IDurableStore store, BlockSpace space, InodeTable inodes)
{
    /// <summary>If pending changes take more bytes than this they are dropped, and the next commit writes the whole volume.</summary>
    private const int MaxPending = 64 << 20;

    private readonly ByteWriter _pending = new();
    private bool _isTooMuch;

    /// <summary>Writes down a change that is about to be applied.</summary>
    /// <exception cref="ReflinkException">EROFS: the volume is open to be read only.</exception>
    public void Note(in Change change)
    {
        if (!IsOfVolume(change))
        {
            return;
        }

        CheckWritable();
        if (_isTooMuch)
        {
            return;
        }

        if (change.Kind == ChangeKind.CloneFrom && !IsOfVolume(inodes[change.Other].Type))
        {
            NoteExtents(change.Inode, inodes[change.Other].Map);
        }
        else
        {
            Put(change);
        }

        if (_pending.Length > MaxPending)
        {
            _isTooMuch = true;
            _pending.Clear();
        }
    }

    /// <summary>Refuses to write to a file of a volume that is open to be read only.</summary>
    /// <exception cref="ReflinkException">EROFS.</exception>
    public void CheckWritable(Inode inode)
    {
        if (store.IsReadOnly && IsOfVolume(inode.Type))
        {
            CheckWritable();
        }
    }

    /// <summary>Commits; every dirty page is in the store.</summary>
    /// <exception cref="ReflinkException">ENOSPC, EIO: not committed, nothing is forgotten.</exception>
    public void Commit(long now)
    {
        if (store.IsReadOnly || (_pending.Length == 0 && !_isTooMuch && !store.HasChanged && !store.NeedsFullRecord))
        {
            return;
        }

        var scope = _isTooMuch || store.NeedsFullRecord ? CommitScope.Everything : CommitScope.Changes;
        store.Commit(Encode(now, scope).Bytes, scope);
        _pending.Clear();
        _isTooMuch = false;
    }

    /// <summary>What a commit says.</summary>
    internal ByteWriter Encode(long now, CommitScope scope)
    {
        var record = new ByteWriter();
        var (stored, derived) = space.LastSerials;
        record.Put(VolumeImage.Format);
        record.Put(now);
        record.Put(inodes.Last.Value);
        record.Put(stored);
        record.Put(derived);
        record.Put(space.Capacity);
        if (scope == CommitScope.Everything)
        {
            VolumeImage.Put(record, [.. inodes.All.Where(i => IsOfVolume(i.Type))], space);
        }
        else
        {
            record.PutRaw(_pending.Bytes);
        }

        return record;
    }

    private static bool IsOfVolume(InodeType type) => type is InodeType.Regular or InodeType.Directory or InodeType.SymbolicLink;

    private bool IsOfVolume(in Change change) =>
        IsOfVolume(change.Kind == ChangeKind.Create ? change.Type : inodes[change.Inode].Type);

    private void CheckWritable()
    {
        if (store.IsReadOnly)
        {
            throw new ReflinkException(Errno.EROFS, "the volume is open to be read only; open the store without --read-only (StoreUse.Durable)");
        }
    }

    // What it clones from is not in the journal, so its extents are written down one by one.
    private void NoteExtents(InodeNumber inode, ExtentMap map)
    {
        Put(Change.Unmap(inode, PageRange.All));
        foreach (var extent in map.Extents(PageRange.All))
        {
            Put(Change.Map(inode, extent.Range, extent.Block));
        }
    }

    private void Put(in Change change)
    {
        if (change.Kind == ChangeKind.Map && change.Block.Kind == BlockKind.Derived)
        {
            for (var n = 0L; n < change.Pages.Length; n++)
            {
                VolumeImage.PutRecipe(_pending, change.Block + n, space);
            }
        }

        _pending.Put(VolumeImage.ChangeTag);
        ChangeCodec.Put(_pending, change);
    }
}

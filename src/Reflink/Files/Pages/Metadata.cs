using Reflink.Cache;
using Reflink.Files.Durable;
using Reflink.Inodes;
using Reflink.Space;

namespace Reflink.Files.Pages;

/// <summary>Applies changes of metadata, writes them down where the volume is durable, and frees what they leave without an owner.</summary>
internal sealed class Metadata(BlockSpace space, NodeReaper reaper, InodeTable inodes, PageCache cache, IKeying keying, Meter meter)
{
    /// <summary>Where changes are written down; null for a volume that ends with its machine.</summary>
    public VolumeJournal? Journal { get; set; }

    /// <summary>Refuses to work on a volume whose machine was switched off.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public void RequireOn() => cache.Frames.RequireOn();

    /// <summary>Applies a change and frees a part of what waits to be freed.</summary>
    public void Apply(in Change change)
    {
        Note(change);
        keying.BeforeApplied(change);
        inodes.Apply(change);
        FreeSome();
    }

    /// <summary>Maps pages of an inode at hand, which every first write does, and frees a part of what waits to be freed.</summary>
    public void Map(Inode inode, PageRange range, BlockNumber block)
    {
        var change = Change.Map(inode.Number, range, block);
        Note(change);
        keying.BeforeApplied(change);
        inodes.Apply(inode, change);
        FreeSome();
    }

    /// <summary>Applies a change of an attribute, which frees nothing.</summary>
    public void Apply(Inode inode, in Change change)
    {
        Note(change);
        if (inode.Share is not null && change.Kind == ChangeKind.SetSize)
        {
            keying.BeforeWritten(inode);
        }

        inodes.Apply(inode, change);
    }

    /// <summary>Writes every dirty page to the store, and commits them and all changes (<see cref="Volume.Sync"/>).</summary>
    public void Sync(long now)
    {
        RequireOn();
        if (cache.DirtyFrames > 0)
        {
            cache.Dirty.CleanAll();
        }

        Journal?.Commit(now);
    }

    /// <summary>Whether that many stored blocks are free.</summary>
    public bool HasSpace(long count) => count <= space.Free;

    /// <summary>Frees what is queued, and if need be what nobody uses, until that many stored blocks are free or nothing is left to free.</summary>
    public bool MakeSpace(long count)
    {
        FreeAll();
        if (!HasSpace(count) && cache.Reclaimer.ShrinkAll() > 0)
        {
            FreeAll();
        }

        return HasSpace(count);
    }

    /// <summary>Frees a part of what waits to be freed (at most 1,024 tree nodes), and drops the frames of dead blocks.</summary>
    public void FreeSome()
    {
        if (!reaper.IsIdle)
        {
            reaper.Step();
        }

        while (space.TryTakeFreed(out var first, out var count))
        {
            for (var i = 0L; i < count; i++)
            {
                cache.Drop(first + i);
            }
        }
    }

    /// <summary>Frees all that waits to be freed.</summary>
    public void FreeAll()
    {
        do
        {
            FreeSome();
        }
        while (!reaper.IsIdle);
    }

    /// <summary>A nameless inode with one user.</summary>
    public Inode CreateNameless(InodeType type)
    {
        var number = inodes.Next;
        Apply(Change.Create(number, type));
        var inode = inodes[number];
        inode.Users = 1;
        return inode;
    }

    /// <summary>One user less; an inode without users and links is removed. Nothing is left to do when the machine is off.</summary>
    public void Put(Inode inode)
    {
        if (cache.Frames.IsOff)
        {
            return;
        }

        Invariant.Check(inode.Users > 0);
        inode.Users--;
        RemoveIfUnused(inode);
    }

    /// <summary>Removes an inode that has neither a name nor users any more.</summary>
    public void RemoveIfUnused(Inode inode)
    {
        if (inode.Users == 0 && inode.Links == (inode.IsDirectory ? 1 : 0))
        {
            Apply(Change.Remove(inode.Number));
        }
    }

    private void Note(in Change change)
    {
        RequireOn();
        Journal?.Note(change);
        meter.Count(WorkKind.MetadataChanged);
    }
}

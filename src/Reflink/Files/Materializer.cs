using Reflink.Cache;
using Reflink.Files.Pages;
using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>Gives files blocks of their own in place of derived ones: all at once, or a few pages at a time while the clock runs.</summary>
internal sealed class Materializer(InodeTable inodes, CopyOnWrite pages, Metadata metadata, IClock clock) : IDaemon
{
    private const int PagesAtOnce = 64;
    private const long Pause = 20_000_000;

    private readonly Queue<InodeNumber> _waiting = [];

    /// <inheritdoc/>
    public long? NextWake { get; private set; }

    /// <summary>Does the file when the clock runs.</summary>
    public void Add(Inode inode)
    {
        _waiting.Enqueue(inode.Number);
        NextWake ??= clock.Now + Pause;
    }

    /// <summary>Does all of a file; returns how many pages it had to make.</summary>
    /// <exception cref="ReflinkException">ENOSPC: nothing has changed. ENOMEM, EIO: pages made before stay made.</exception>
    public int Do(Inode inode)
    {
        var derived = Derived(inode, int.MaxValue);
        if (derived.Count > 0 && !metadata.MakeSpace(derived.Count))
        {
            throw new ReflinkException(Errno.ENOSPC, $"{inode} has {derived.Count} pages that are made on demand, and the volume has no room for them; delete something or give it more capacity");
        }

        Make(inode, derived);
        return derived.Count;
    }

    /// <inheritdoc/>
    /// <remarks>A file that was deleted, or that there is no room for, is left as it is.</remarks>
    public void Wake()
    {
        NextWake = null;
        while (NextWake is null && _waiting.TryPeek(out var number))
        {
            if (inodes.TryFind(number, out var inode) && TryMakeSome(inode))
            {
                NextWake = clock.Now + Pause;
            }
            else
            {
                _waiting.Dequeue();
            }
        }
    }

    private bool TryMakeSome(Inode inode)
    {
        try
        {
            var derived = Derived(inode, PagesAtOnce);
            Make(inode, derived);
            return derived.Count > 0;
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOSPC or Errno.ENOMEM or Errno.EIO)
        {
            return false;
        }
    }

    private void Make(Inode inode, List<PageIndex> derived)
    {
        foreach (var page in derived)
        {
            _ = pages.GetForWrite(inode, new PageUse(inode.Number, page, AccessKind.Write, default));
        }
    }

    private static List<PageIndex> Derived(Inode inode, int most)
    {
        List<PageIndex> derived = [];
        foreach (var extent in inode.Map.Extents(PageRange.All))
        {
            for (var i = 0L; i < extent.Length && extent.Block.Kind == BlockKind.Derived && derived.Count < most; i++)
            {
                derived.Add(extent.Start + i);
            }
        }

        return derived;
    }
}

using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Inodes;

namespace Reflink.Files.Pages;

/// <summary>
/// Frames are found by inode and page, but whole files of equal content are read and mapped through the pages of one of them
/// (<see cref="CacheKeying.Content"/>), whether or not they share blocks. That is EROFS's inode_share, whose inodes with equal
/// fingerprints within a domain have one address_space; its files are never written. Here a file leaves as soon as its content is
/// about to change, and reads its own pages from then on.
/// </summary>
internal sealed class ByContent(InodeTable inodes, PageCache cache, ChangeCounter changes) : IKeying
{
    private readonly ByInode _byInode = new(inodes, cache, changes);
    private readonly Dictionary<string, ContentShare> _shares = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void BeforeShared(Inode inode, PageRange range) => _byInode.BeforeShared(inode, range);

    /// <inheritdoc/>
    public bool TryMove(BlockNumber old, BlockNumber block, in PageUse use, PageContent content, out FrameNumber frame, out CacheResult result) =>
        _byInode.TryMove(old, block, use, content, out frame, out result);

    /// <inheritdoc/>
    public void BeforeApplied(in Change change)
    {
        if (change.Kind == ChangeKind.SetSize || !ByInode.Taken(change).IsEmpty)
        {
            BeforeWritten(inodes[change.Inode]);
        }

        _byInode.BeforeApplied(change);
    }

    /// <inheritdoc/>
    public void BeforeWritten(Inode inode)
    {
        if (inode.Share is not { } share)
        {
            return;
        }

        // Entries of the files that change their reader lead to pages of the old one.
        foreach (var member in share.Reader == inode ? share.Members : [inode])
        {
            changes.Stamp(ref member.Remapped, Rule.ContentLeft);
        }

        inode.Share = null;
        share.Members.Remove(inode);
        if (share.Members.Count == 0)
        {
            _shares.Remove(share.Key);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The file's own frames go: they are clean once they are written back, and nobody will read them.</remarks>
    public void Join(Inode inode, string key)
    {
        if (inode.Share?.Key == key)
        {
            return;
        }

        BeforeShared(inode, PageRange.All);
        BeforeWritten(inode);
        if (!_shares.TryGetValue(key, out var share))
        {
            _shares.Add(key, share = new ContentShare(key));
        }
        else
        {
            _byInode.Drop(inode, PageRange.All);
        }

        share.Members.Add(inode);
        inode.Share = share;
        changes.Stamp(ref inode.Remapped, Rule.BulkRemapped);
    }
}

using Reflink.Inodes;

namespace Reflink;

/// <content>Files of which it is known without reading that their content is equal.</content>
public sealed partial class Volume
{
    private long _sharedClones;

    /// <summary>
    /// Shares the content of a file and of clones of it that have the same blocks still: as <see cref="ShareContent"/> does it with files of equal fingerprint, but nothing is read, and other files of
    /// equal content are not joined. It has an effect where the cache is keyed by content (<c>CacheKeying.Content</c>), until one of them is written.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="clones">Its clones.</param>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP, EISDIR; EINVAL: no regular file, or a clone has other blocks or another length; ENOSPC, EIO while dirty pages are written back.</exception>
    /// <example><code>
    /// machine.Volume.Clone("/lib", "/copy");
    /// machine.Volume.ShareClones("/lib", "/copy");
    /// </code></example>
    public void ShareClones(string path, params IReadOnlyList<string> clones)
    {
        ArgumentNullException.ThrowIfNull(clones);
        var file = RegularFile(path);
        var others = clones.Select(RegularFile).ToList();
        if (others.FindIndex(other => other.Size != file.Size || !other.Extents.SequenceEqual(file.Extents)) is var wrong and >= 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{clones[wrong]}' has other blocks than '{path}', and may have other content; take the fingerprints of both ({nameof(ShareContent)})");
        }

        var key = $"clones of {file.Number}:{_sharedClones++}";
        foreach (var inode in (IEnumerable<Inode>)[file, .. others])
        {
            _ledger.ShareContent(inode, key);
        }
    }
}

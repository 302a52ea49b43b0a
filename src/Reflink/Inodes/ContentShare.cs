namespace Reflink.Inodes;

/// <summary>Files of equal content that are read through the pages of one of them (<c>CacheKeying.Content</c>): the one that joined first and did not leave.</summary>
internal sealed class ContentShare(string key)
{
    /// <summary>The content's fingerprint, and the domain within which it is shared.</summary>
    public string Key { get; } = key;

    /// <summary>The files, in the order in which they joined.</summary>
    public List<Inode> Members { get; } = [];

    /// <summary>The file through whose pages all are read.</summary>
    public Inode Reader => Members[0];
}

namespace Reflink;

/// <summary>By what the page cache knows the pages of files. Anonymous pages are known by their block either way.</summary>
public enum CacheKeying
{
    /// <summary>By block: files that share a block share its frame.</summary>
    Block,

    /// <summary>
    /// By inode and page, as Linux does (<c>address_space.i_pages</c>, mm/filemap.c): every clone that is read has frames of its
    /// own. Two frames hold one block only while both are clean.
    /// </summary>
    Inode,

    /// <summary>
    /// As by inode, but whole files of equal content, which <c>Volume.ShareContent</c> makes known, are read through one file's pages
    /// until they are written (EROFS's inode_share, fs/erofs/ishare.c).
    /// </summary>
    Content,
}

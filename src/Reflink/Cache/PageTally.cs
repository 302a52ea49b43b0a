namespace Reflink.Cache;

/// <summary>A number of pages, those of files and anonymous ones apart.</summary>
internal record struct PageTally(long File, long Anonymous)
{
    /// <summary>All of them.</summary>
    public readonly long All => File + Anonymous;

    /// <summary>Counts one page by the kind of its block.</summary>
    public void Count(BlockKind kind)
    {
        if (kind == BlockKind.Anonymous)
        {
            Anonymous++;
        }
        else
        {
            File++;
        }
    }
}

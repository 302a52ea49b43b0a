using Reflink.Cache.Policies;

namespace Reflink.Cache;

/// <summary>A number of pages, those of files and anonymous ones apart.</summary>
internal record struct PageTally(long File, long Anonymous)
{
    /// <summary>All of them.</summary>
    public readonly long All => File + Anonymous;

    /// <summary>Counts one page.</summary>
    public void Count(FolioKind kind)
    {
        if (kind == FolioKind.Anonymous)
        {
            Anonymous++;
        }
        else
        {
            File++;
        }
    }
}

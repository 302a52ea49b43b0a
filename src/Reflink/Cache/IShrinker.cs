namespace Reflink.Cache;

/// <summary>Something that holds memory which nobody uses just now and that can be made again (struct shrinker, include/linux/shrinker.h).</summary>
internal interface IShrinker
{
    /// <summary>How many objects could be given back (count_objects).</summary>
    long Freeable { get; }

    /// <summary>Looks at some of them and gives back those that it can (scan_objects); returns how many it gave.</summary>
    /// <param name="count">How many to look at.</param>
    long Shrink(long count);
}

namespace Reflink.Cache;

/// <summary>Something that holds memory which nobody uses just now and that can be made again (Linux's shrinkers).</summary>
internal interface IShrinker
{
    /// <summary>Gives back up to <paramref name="target"/> objects; returns how many it gave.</summary>
    int Shrink(int target);
}

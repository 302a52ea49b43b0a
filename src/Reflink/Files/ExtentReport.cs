using Reflink.Cache.Backings;
using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>Reads the extents of a file as FIEMAP reports them on XFS: split where a flag changes, clipped to whole pages of the range, joined otherwise.</summary>
internal static class ExtentReport
{
    /// <summary>The extents of a range; holes are absent, and so is what was merged with the zero page.</summary>
    public static IReadOnlyList<FileExtent> Of(Inode inode, PageRange range, BlockStore store)
    {
        List<FileExtent> found = [];
        foreach (var extent in inode.Map.Extents(range))
        {
            for (var rest = extent; rest.Length > 0 && rest.Block != BlockNumber.Zero;)
            {
                var length = Alike(inode.Map, rest, store, out var flags);
                Add(found, new(rest.Start, length, rest.Block, flags));
                rest = rest.Clip(rest.Start + length, rest.End);
            }
        }

        if (found.Count > 0)
        {
            found[^1] = found[^1] with { Flags = found[^1].Flags | ExtentFlags.Last };
        }

        return found;
    }

    // How many pages from the first on have the same flags.
    private static long Alike(ExtentMap map, Extent extent, BlockStore store, out ExtentFlags flags)
    {
        if (extent.IsUnwritten)
        {
            flags = ExtentFlags.Unwritten;
            return extent.Length;
        }

        var length = map.Alike(extent, out var isShared);
        flags = isShared ? ExtentFlags.Shared : ExtentFlags.None;
        if (extent.Block.Kind != BlockKind.Stored)
        {
            flags |= extent.Block.Kind == BlockKind.Derived ? ExtentFlags.Encoded : ExtentFlags.None;
            return length;
        }

        var isStored = store.Contains(extent.Block);
        flags |= isStored ? ExtentFlags.None : ExtentFlags.Delayed | ExtentFlags.Unknown;
        var alike = 1L;
        while (alike < length && store.Contains(extent.Block + alike) == isStored)
        {
            alike++;
        }

        return alike;
    }

    private static void Add(List<FileExtent> found, in FileExtent next)
    {
        if (found.Count > 0 && found[^1] is var last && last.Start + last.Length == next.Start && last.Block + last.Length == next.Block && last.Flags == next.Flags)
        {
            found[^1] = last with { Length = last.Length + next.Length };
        }
        else
        {
            found.Add(next);
        }
    }
}

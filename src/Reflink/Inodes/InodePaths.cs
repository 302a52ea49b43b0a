namespace Reflink.Inodes;

/// <summary>Finds the names that lead to an inode, for messages: it looks through every directory.</summary>
internal static class InodePaths
{
    /// <summary>The paths of an inode in ordinal order; none for one without a name.</summary>
    public static IReadOnlyList<string> Of(InodeTable inodes, InodeNumber inode)
    {
        List<string> paths = [];
        foreach (var directory in inodes.All.Where(i => i.IsDirectory))
        {
            paths.AddRange(directory.Names!.Where(n => n.Value == inode).Select(n => $"{Prefix(inodes, directory)}/{n.Key}"));
        }

        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>An inode as people know it: its paths, and its number.</summary>
    public static string Describe(InodeTable inodes, InodeNumber inode) => Of(inodes, inode) is { Count: > 0 } paths
        ? $"{string.Join(", ", paths.Select(p => $"'{p}'"))} (inode {inode})"
        : $"inode {inode}";

    /// <summary>A page of a file with a name whose block that is; null if no such file has it any more. It looks through every extent.</summary>
    public static PageLabel? PageOf(InodeTable inodes, BlockNumber block)
    {
        foreach (var inode in inodes.All.Where(i => i.IsRegular && i.Links > 0))
        {
            foreach (var extent in inode.Map.Extents(PageRange.All))
            {
                if (extent.Block.Kind == block.Kind && !extent.Block.IsZero && block.Value >= extent.Block.Value && block - extent.Block < extent.Length)
                {
                    return new PageLabel(inode.Number, extent.Start + (block - extent.Block));
                }
            }
        }

        return null;
    }

    // A directory that is its own parent is the root, or was removed while somebody uses it.
    private static string Prefix(InodeTable inodes, Inode directory)
    {
        if (directory.Parent == directory.Number || !inodes.TryFind(directory.Parent, out var parent))
        {
            return "";
        }

        var name = parent.Names!.Where(n => n.Value == directory.Number).Select(n => n.Key).FirstOrDefault($"[inode {directory.Number}]");
        return $"{Prefix(inodes, parent)}/{name}";
    }
}

using Reflink.Descriptions.Content;
using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>The bytes of a volume's file, read through the page cache.</summary>
internal sealed class FileSource(Inode inode, FileData data, GroupId group) : ByteSource
{
    /// <inheritdoc/>
    public override long Length => inode.Size;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> into) => Invariant.Check(data.Read(inode, offset, into, group) == into.Length);

    /// <inheritdoc/>
    public override long NextData(long offset)
    {
        foreach (var extent in inode.Map.Extents(PageRange.Between(PageIndex.Of(offset), new PageIndex(inode.PageCount))))
        {
            if (!extent.Block.IsZero)
            {
                return Math.Max(offset, extent.Start.Offset);
            }
        }

        return Length;
    }
}

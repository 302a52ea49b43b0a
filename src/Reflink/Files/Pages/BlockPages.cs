using System.Runtime.CompilerServices;
using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Files.Pages;

/// <summary>
/// The bytes of any block, in a frame: found in the cache, read from the store, or made from the recipe. The only place where
/// block kinds meet frames.
/// </summary>
internal sealed class BlockPages(BlockSpace space, InodeTable inodes, PageCache cache, Meter meter)
{
    private readonly byte[] _scratch = new byte[Page.Size];

    /// <summary>The frame of a block, made or read if it is not in memory. Valid until the next call that may need memory; lease it to keep it.</summary>
    /// <exception cref="ReflinkException">ENOMEM, or EIO naming the page.</exception>
    public FrameNumber Get(BlockNumber block, in PageLabel label, AccessKind access, GroupId group)
    {
        if (TryGet(block, label, access, group, out var frame))
        {
            return frame;
        }

        return block.Kind == BlockKind.Derived
            ? Make(block, label, access, group)
            : cache.Load(block, label, access, group);
    }

    /// <summary>The frame of a block, if it is in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(BlockNumber block, in PageLabel label, AccessKind access, GroupId group, out FrameNumber frame)
    {
        frame = cache.Frames.Zero;
        return block.IsZero || cache.TryGet(block, label, access, group, out frame);
    }

    /// <summary>The frame of a stored block whose bytes the caller overwrites all: in memory with whatever bytes, or new.</summary>
    /// <exception cref="ReflinkException">ENOMEM.</exception>
    public FrameNumber GetToOverwrite(BlockNumber block, in PageLabel label, AccessKind access, GroupId group) =>
        cache.TryGet(block, label, access, group, out var frame) ? frame : cache.Add(block, label, access, group);

    private FrameNumber Make(BlockNumber block, in PageLabel label, AccessKind access, GroupId group)
    {
        var frame = cache.Add(block, label, access, group);
        try
        {
            Fill(space.RecipeOf(block), cache.Frames.Bytes(frame), label);
        }
        catch (ReflinkException)
        {
            cache.Discard(frame);
            throw;
        }

        meter.Count(WorkKind.PageDerived);
        return frame;
    }

    // A root in memory is copied from; one that is not is read for this once and gets no frame. The usual recipe, a page with
    // some bytes changed, is the whole root with these bytes over it.
    private void Fill(Recipe recipe, Span<byte> bytes, in PageLabel label)
    {
        var inPlace = recipe.Roots.Length == 1 && CopiesInPlace(recipe);
        foreach (var root in recipe.Roots)
        {
            if (TryPeekRoot(root, label, out var resident))
            {
                if (inPlace)
                {
                    cache.Frames.Bytes(resident).CopyTo(bytes);
                }
                else
                {
                    CopyPieces(recipe, root, cache.Frames.Bytes(resident), bytes);
                }
            }
            else if (inPlace)
            {
                cache.ReadStore(root, bytes, label);
            }
            else
            {
                cache.ReadStore(root, _scratch, label);
                CopyPieces(recipe, root, _scratch, bytes);
            }
        }

        var at = 0;
        foreach (ref readonly var piece in recipe.Pieces.AsSpan())
        {
            if (piece.Kind == PieceKind.Data)
            {
                piece.Data.Span.CopyTo(bytes[at..]);
            }
            else if (piece.Kind == PieceKind.Zero)
            {
                bytes.Slice(at, piece.Length).Clear();
            }

            at += piece.Length;
        }
    }

    // By block a root has one frame. By inode there may be one in the page of the inode that this one was derived from, unless
    // that page was written since; if not, the store has the root's bytes, since deriving wrote them back.
    private bool TryPeekRoot(BlockNumber root, PageLabel label, out FrameNumber frame)
    {
        while (!cache.TryPeek(root, label, out frame))
        {
            if (cache.Keying == CacheKeying.Block || !inodes.TryFind(label.Inode, out var inode) || inode.Type != InodeType.Derived)
            {
                return false;
            }

            label = label with { Inode = inode.ClonedFrom };
        }

        return true;
    }

    private static bool CopiesInPlace(Recipe recipe)
    {
        var at = 0;
        foreach (ref readonly var piece in recipe.Pieces.AsSpan())
        {
            if (piece.Kind == PieceKind.Copy && piece.Offset != at)
            {
                return false;
            }

            at += piece.Length;
        }

        return true;
    }

    private static void CopyPieces(Recipe recipe, BlockNumber root, ReadOnlySpan<byte> source, Span<byte> bytes)
    {
        var at = 0;
        foreach (ref readonly var piece in recipe.Pieces.AsSpan())
        {
            if (piece.Kind == PieceKind.Copy && piece.Source == root)
            {
                source.Slice(piece.Offset, piece.Length).CopyTo(bytes[at..]);
            }

            at += piece.Length;
        }
    }
}

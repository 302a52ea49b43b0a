using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Inodes;
using Reflink.Space;

namespace Reflink.Files.Pages;

/// <summary>Derived blocks: they have no storage, and their bytes are made from a recipe and the blocks that it copies from.</summary>
internal sealed class RecipeBacking(BlockSpace space, InodeTable inodes, PageCache cache, BlockStore store, Meter meter) : IBacking
{
    private readonly byte[] _scratch = new byte[Page.Size];

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Derived;

    /// <inheritdoc/>
    public BackingTraits Traits => BackingTraits.PagesOfFiles;

    /// <inheritdoc/>
    public bool HasRoom => false;

    /// <inheritdoc/>
    public void Save(BlockNumber block, ReadOnlySpan<byte> bytes) => Invariant.Broken($"derived block {block} is written");

    /// <inheritdoc/>
    public void Forget(BlockNumber block)
    {
        // The space has forgotten the recipe already.
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A root in memory is copied from; one that is not is read for this once and gets no frame. The usual recipe, a page with
    /// some bytes changed, is the whole root with these bytes over it.
    /// </remarks>
    public CacheResult Fill(BlockNumber block, Span<byte> bytes, in PageLabel label)
    {
        var recipe = space.RecipeOf(block);
        var result = CacheResult.Made;
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
            else
            {
                result = CacheResult.Read;
                ReadRoot(root, inPlace ? bytes : _scratch, label);
                if (!inPlace)
                {
                    CopyPieces(recipe, root, _scratch, bytes);
                }
            }
        }

        recipe.WriteLiteral(bytes);
        meter.Count(WorkKind.PageDerived);
        return result;
    }

    private void ReadRoot(BlockNumber root, Span<byte> into, in PageLabel label)
    {
        try
        {
            store.Read(root, into, label);
        }
        catch (ReflinkException e) when (e.Error == Errno.EIO && InodePaths.PageOf(inodes, root) is { } origin && origin.Inode != label.Inode)
        {
            throw new ReflinkException(Errno.EIO, $"{e.Reason} (the page is made on demand from page {origin.Page} of {store.Naming(origin.Inode)})", e);
        }
    }

    // By block a root has one frame. By inode there may be one in the page of the inode that this one was derived from, unless
    // that page was written since; if not, the store has the root's bytes, since deriving wrote them back.
    private bool TryPeekRoot(BlockNumber root, PageLabel label, out FrameNumber frame)
    {
        while (!cache.TryPeek(root, label, out frame))
        {
            if (!inodes.TryFind(label.Inode, out var inode) || inode.Type != InodeType.Derived)
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

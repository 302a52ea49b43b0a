using Reflink.Inodes;
using Reflink.Space;

namespace Reflink.Files.Durable;

/// <summary>A volume as bytes: recipes, then the changes that make every inode, then the extent trees.</summary>
internal static class VolumeImage
{
    /// <summary>A record begins with it. The first format had none, and began with a time, which is never negative.</summary>
    public const long Format = -2;

    /// <summary>Stands before a change.</summary>
    public const int ChangeTag = 1;

    /// <summary>Stands before a derived block and its recipe.</summary>
    public const int RecipeTag = 2;

    /// <summary>Stands before the extent trees.</summary>
    public const int TreesTag = 3;

    /// <summary>Writes a volume down.</summary>
    public static void Put(ByteWriter to, IReadOnlyList<Inode> inodes, BlockSpace space)
    {
        foreach (var derived in space.Live(BlockKind.Derived) == 0 ? [] : Reached(inodes))
        {
            PutRecipe(to, derived, space);
        }

        foreach (var change in inodes.SelectMany(InodeImage.Of).Concat(inodes.SelectMany(InodeImage.NamesOf)))
        {
            to.Put(ChangeTag);
            ChangeCodec.Put(to, change);
        }

        to.Put(TreesTag);
        TreeImage.Put(to, inodes);
    }

    // Patches make others, which end with the machine.
    private static IEnumerable<BlockNumber> Reached(IReadOnlyList<Inode> inodes) => inodes
        .SelectMany(i => i.Map.Extents(PageRange.All)).Where(e => e.Block.Kind == BlockKind.Derived)
        .SelectMany(e => Enumerable.Range(0, (int)e.Length).Select(n => e.Block + n)).Distinct().Order();

    /// <summary>Writes down of what a derived block is made.</summary>
    public static void PutRecipe(ByteWriter to, BlockNumber derived, BlockSpace space)
    {
        to.Put(RecipeTag);
        to.Put(derived.Value);
        to.Put(space.DomainOf(derived));
        RecipeCodec.Put(to, space.RecipeOf(derived));
    }
}

using System.Diagnostics.CodeAnalysis;
using Reflink.Cache.Reclaim;
using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Files.Derived;

/// <summary>
/// The answer to "which inode is this file with these changes?": derived inodes by root, version and page recipes. They
/// outlive their users, so that the next one finds them, and those without users are dropped when memory or space is short.
/// </summary>
public sealed class DerivedRegistry : IShrinker
{
    private readonly BlockSpace _space;
    private readonly InodePages _pages;
    private readonly Sharing _sharing;
    private readonly ChangeCounter _changes;
    private readonly Dictionary<DerivedKey, DerivedFile> _byKey = [];
    private readonly Dictionary<(InodeNumber Root, long Version, string Description), DerivedFile> _byDescription = [];

    // In the order in which they were made: the oldest unused is dropped first.
    private readonly LinkedList<DerivedFile> _order = [];

    /// <summary>An empty registry.</summary>
    internal DerivedRegistry(BlockSpace space, InodePages pages, Sharing sharing, ChangeCounter changes)
    {
        (_space, _pages, _sharing, _changes) = (space, pages, sharing, changes);
    }

    /// <summary>Every derived inode with its root's number and version and how many pages differ, in the order of making.</summary>
    public IEnumerable<(Inode Derived, InodeNumber Root, long Version, int Pages)> All =>
        _order.Select(f => (f.Inode, f.Key.Root, f.Key.Version, f.Key.Pages.Count));

    /// <summary>How often a derived inode was asked for, and how often it was there.</summary>
    public (long Lookups, long Hits) Uses { get; private set; }

    /// <summary>Finds the inode that a description (a name for a set of changes, such as a patch set's hash) led to before.</summary>
    internal bool TryFind(Inode root, string description, [NotNullWhen(true)] out Inode? derived)
    {
        var found = _byDescription.TryGetValue((root.Number, VersionOf(root), description), out var file);
        derived = file?.Inode;
        Uses = (Uses.Lookups + 1, Uses.Hits + (found ? 1 : 0));
        return found;
    }

    /// <summary>
    /// The inode that is <paramref name="root"/> as it is now with those pages replaced, made if there is none. Takes over the
    /// caller's ownership of the blocks, whatever happens.
    /// </summary>
    /// <exception cref="ReflinkException">ENOSPC as for <see cref="Sharing.Clone"/>.</exception>
    internal Inode FindOrMake(Inode root, string description, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        var key = new DerivedKey(root.Number, VersionOf(root), pages);
        if (_byKey.TryGetValue(key, out var file))
        {
            Release(pages);
        }
        else
        {
            WriteBack(root, pages);

            // Nobody can ask for the root's earlier versions any more.
            Drop(int.MaxValue, f => f.Key.Root == key.Root && f.Key.Version != key.Version);
            file = new DerivedFile(key, Make(root, pages));
            _byKey.Add(key, file);
            _order.AddLast(file);
        }

        file.Descriptions.Add(description);
        _byDescription[(key.Root, key.Version, description)] = file;
        return file.Inode;
    }

    /// <summary>Drops derived inodes that only the registry still has, the oldest first.</summary>
    public int Shrink(int target) => Drop(target, _ => true);

    private int Drop(int target, Func<DerivedFile, bool> isWanted)
    {
        var dropped = 0;
        for (var node = _order.First; node is not null && dropped < target;)
        {
            var next = node.Next;
            if (node.Value.IsUnused && isWanted(node.Value))
            {
                Drop(node);
                dropped++;
            }

            node = next;
        }

        return dropped;
    }

    // What may fail comes before anything is made.
    private void WriteBack(Inode root, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        try
        {
            _pages.WriteBack(root, InodeFrames.Everything);
        }
        catch (ReflinkException)
        {
            Release(pages);
            throw;
        }
    }

    private void Release(IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        foreach (var (_, block) in pages)
        {
            _space.Release(block, 1);
        }

        _pages.Settle();
    }

    private long VersionOf(Inode root) => _changes.Follows(Rule.SnapshotVersion) ? root.Version : 0;

    // A snapshot of the root's extents, then the changed pages over it. The registry is the first user.
    private Inode Make(Inode root, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        var derived = _pages.CreateNameless(InodeType.Derived);
        _sharing.Clone(root, derived, Rule.DeriveShared);
        _pages.Apply(new Change(ChangeKind.SetSize, derived.Number) { Value = root.Size });
        foreach (var (page, block) in pages)
        {
            _pages.Apply(new Change(ChangeKind.Map, derived.Number) { Page = page, Length = 1, Block = block });
        }

        return derived;
    }

    private void Drop(LinkedListNode<DerivedFile> node)
    {
        var file = node.Value;
        foreach (var description in file.Descriptions)
        {
            _byDescription.Remove((file.Key.Root, file.Key.Version, description));
        }

        _byKey.Remove(file.Key);
        _order.Remove(node);
        _pages.Put(file.Inode);
    }
}

using System.Diagnostics.CodeAnalysis;
using Reflink.Cache;
using Reflink.Files.Pages;
using Reflink.Inodes;

namespace Reflink.Files.Derived;

/// <summary>
/// The answer to "which inode is this file with these changes?": derived inodes by root, version and page recipes. They
/// outlive their users, so that the next one finds them, and those without users are dropped when memory or space is short.
/// </summary>
internal sealed class DerivedRegistry : IShrinker
{
    private readonly Metadata _metadata;
    private readonly Ledger _ledger;
    private readonly ChangeCounter _changes;
    private readonly Dictionary<DerivedKey, DerivedFile> _byKey = [];
    private readonly Dictionary<InodeNumber, DerivedFile> _byInode = [];
    private readonly Dictionary<(RootVersion Root, string Description), DerivedFile> _byDescription = [];

    // One snapshot for each version of a root that something is derived from: adding a level of changes reads the bytes below it.
    private readonly Dictionary<RootVersion, Inode> _snapshots = [];

    // In the order in which they were made: the oldest unused is dropped first.
    private readonly LinkedList<DerivedFile> _order = [];

    /// <summary>An empty registry.</summary>
    internal DerivedRegistry(Metadata metadata, Ledger ledger, ChangeCounter changes)
    {
        (_metadata, _ledger, _changes) = (metadata, ledger, changes);
    }

    /// <summary>Every derived inode with its root's number and version and how many pages differ, in the order of making.</summary>
    public IEnumerable<(Inode Derived, InodeNumber Root, long Version, int Pages)> All =>
        _order.Select(f => (f.Inode, f.Key.Root.Root, f.Key.Root.Version, f.Key.Pages.Count));

    /// <summary>The snapshots of roots, each with a user for every inode derived from it, in the order of their numbers.</summary>
    public IEnumerable<(Inode Snapshot, InodeNumber Root, long Version, int Derived)> Snapshots => _snapshots
        .OrderBy(s => s.Value.Number.Value)
        .Select(s => (s.Value, s.Key.Root, s.Key.Version, _order.Count(f => f.Snapshot == s.Value)));

    /// <summary>How often a derived inode was looked up, and how often it was found.</summary>
    public (long Count, long Hits) Lookups { get; private set; }

    /// <summary>What a mapping of a file, which now shows <paramref name="shown"/>, has below its changes: the file's present version, or an older one.</summary>
    internal RootVersion VersionOf(Inode shown, Inode file) => _byInode.TryGetValue(shown.Number, out var derived)
        ? derived.Key.Root
        : new RootVersion(file.Number, _changes.Follows(Rule.SnapshotVersion) ? file.Version : 0);

    /// <summary>
    /// The inode that holds a version of a file: the snapshot that is kept of that version, or else the file itself. The two hold
    /// the same bytes but perhaps not the same blocks, because dedupe gives a file other blocks without changing its version.
    /// </summary>
    internal Inode RootOf(RootVersion version, Inode file) => _snapshots.GetValueOrDefault(version, file);

    /// <summary>The pages in which what a mapping shows differs from its root, in order, and their blocks; none if it shows its file.</summary>
    internal IReadOnlyList<(PageIndex Page, BlockNumber Block)> PagesOf(Inode shown) =>
        _byInode.TryGetValue(shown.Number, out var derived) ? derived.Key.Pages : [];

    /// <summary>
    /// An inode to read the bytes of a version from: the file while it is at that version, since its pages are the ones that are in
    /// memory where frames are found by inode, and the snapshot afterwards. What is derived takes its blocks from <see cref="RootOf"/>.
    /// </summary>
    internal Inode ReadableOf(RootVersion version, Inode file) => VersionOf(file, file) == version ? file : _snapshots[version];

    /// <summary>Finds the inode that a description (a name for a set of changes, such as a patch set's hash) led to before.</summary>
    internal bool TryFind(RootVersion version, string description, [NotNullWhen(true)] out Inode? derived)
    {
        var found = _byDescription.TryGetValue((version, description), out var file);
        derived = file?.Inode;
        Lookups = (Lookups.Count + 1, Lookups.Hits + (found ? 1 : 0));
        return found;
    }

    /// <summary>
    /// The inode that is a version of <paramref name="file"/> with those pages replaced, made if there is none. Takes over the
    /// caller's ownership of the blocks, whatever happens.
    /// </summary>
    /// <exception cref="ReflinkException">ENOSPC as for <see cref="Ledger.Prepare"/>.</exception>
    internal Inode FindOrMake(
        RootVersion version, Inode file, string description, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        var key = new DerivedKey(version, pages);
        if (_byKey.TryGetValue(key, out var found))
        {
            Release(pages);
        }
        else
        {
            Prepare(RootOf(version, file), pages);

            // Only mappings that already show an older version can ask for it again, so its unused inodes go.
            Drop(int.MaxValue, f => f.Key.Root.Root == version.Root && f.Key.Root.Version < version.Version);
            found = Make(key, RootOf(version, file));
            _byKey.Add(key, found);
            _byInode.Add(found.Inode.Number, found);
            _order.AddLast(found);
        }

        found.Descriptions.Add(description);
        _byDescription[(version, description)] = found;
        return found.Inode;
    }

    /// <summary>How many derived inodes only the registry still has.</summary>
    public long Freeable
    {
        get
        {
            var unused = 0L;
            for (var node = _order.First; node is not null; node = node.Next)
            {
                unused += node.Value.IsUnused ? 1 : 0;
            }

            return unused;
        }
    }

    /// <summary>Drops derived inodes that only the registry still has, the oldest first.</summary>
    public long Shrink(long count) => Drop(count, _ => true);

    private long Drop(long target, Func<DerivedFile, bool> isWanted)
    {
        var dropped = 0L;
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

    // What may fail comes before anything is made or dropped.
    private void Prepare(Inode root, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages)
    {
        try
        {
            _ledger.Prepare(root, PageRange.All);
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
            _ledger.Release(block);
        }
    }

    // A snapshot of the root's extents, then the changed pages over it. The registry is the first user.
    private DerivedFile Make(DerivedKey key, Inode root)
    {
        if (!_snapshots.TryGetValue(key.Root, out var snapshot))
        {
            snapshot = _ledger.Derive(root, []);
            _snapshots.Add(key.Root, snapshot);
        }
        else
        {
            snapshot.Users++;
        }

        return new DerivedFile(key, _ledger.Derive(snapshot, key.Pages), snapshot);
    }

    private void Drop(LinkedListNode<DerivedFile> node)
    {
        var file = node.Value;
        foreach (var description in file.Descriptions)
        {
            _byDescription.Remove((file.Key.Root, description));
        }

        if (file.Snapshot.Users == 1)
        {
            _snapshots.Remove(file.Key.Root);
        }

        _byKey.Remove(file.Key);
        _byInode.Remove(file.Inode.Number);
        _order.Remove(node);
        _metadata.Put(file.Inode);
        _metadata.Put(file.Snapshot);
    }
}

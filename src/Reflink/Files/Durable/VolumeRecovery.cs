using Reflink.Inodes;
using Reflink.Space;
using Reflink.Store;

namespace Reflink.Files.Durable;

/// <summary>
/// Makes a volume from the records of the commits: plays the changes, drops files that had no name left, and only then counts who
/// owns which block, from the trees that came of it.
/// </summary>
internal sealed class VolumeRecovery(IDurableStore store, BlockSpace space, InodeTable inodes, NodeReaper reaper)
{
    private readonly Dictionary<BlockNumber, (int Domain, Recipe Recipe)> _recipes = [];
    private readonly List<(BlockNumber First, long Count)> _owned = [];
    private readonly HashSet<Node> _seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>Recovers; returns the time of the last commit.</summary>
    /// <exception cref="ReflinkException">EIO: the commits cannot be understood.</exception>
    public long Run()
    {
        var (now, serials) = (0L, (Stored: 0L, Derived: 0L));
        space.BeginRecovery();
        try
        {
            foreach (var record in store.RecoveredRecords)
            {
                var reader = new ByteReader(record.Span);
                if (reader.Take() != VolumeImage.Format)
                {
                    throw new InvalidDataException("its records have another format");
                }

                (now, var last, serials, space.Capacity) = (reader.Take(), reader.Take(), (reader.Take(), reader.Take()), reader.Take());
                Play(reader);
                inodes.Last = new InodeNumber(last);
            }
        }
        catch (Exception e) when (e is InvalidDataException or KeyNotFoundException or InvariantException)
        {
            throw new ReflinkException(Errno.EIO, $"the journal of the volume cannot be understood ({e.Message}); it was written by another version of Reflink", e);
        }

        DropNameless();
        Count(serials);
        return now;
    }

    private void Play(ByteReader reader)
    {
        while (!reader.IsEmpty)
        {
            switch (reader.Take())
            {
                case VolumeImage.ChangeTag:
                    inodes.Apply(ChangeCodec.Take(ref reader));
                    break;
                case VolumeImage.RecipeTag:
                    _recipes[new BlockNumber(reader.Take())] = ((int)reader.Take(), RecipeCodec.Take(ref reader));
                    break;
                case VolumeImage.TreesTag:
                    TreeImage.Take(ref reader, inodes, reaper.Nodes);
                    break;
                default:
                    throw new InvalidDataException("an entry of no kind");
            }
        }
    }

    // They were open when the machine stopped, and nobody has them open now.
    private void DropNameless()
    {
        foreach (var inode in inodes.All.Where(i => i.Links == (i.IsDirectory ? 1 : 0)).ToArray())
        {
            inodes.Apply(Change.Remove(inode.Number));
        }

        reaper.Drain();
    }

    private void Count((long Stored, long Derived) serials)
    {
        var unreal = new List<(BlockNumber Block, long Count)>();
        foreach (var inode in inodes.All)
        {
            Visit(inode.Map.Root, unreal);
        }

        OwnRoots();
        space.EndRecovery(_owned, serials);
        foreach (var (block, count) in unreal)
        {
            space.Share(block, count);
        }

        // What only processes or patches had.
        foreach (var block in store.Blocks.Where(b => space.Owners(b) == 0).ToArray())
        {
            store.Delete(block);
        }
    }

    // A node counts once, however many hold it: it is the leaf that owns.
    private void Visit(Node? node, List<(BlockNumber Block, long Count)> unreal)
    {
        if (node is null || (node.References > 1 && !_seen.Add(node)))
        {
            return;
        }

        if (node is InnerNode inner)
        {
            foreach (var child in inner.Children[..inner.Count])
            {
                Visit(child, unreal);
            }

            return;
        }

        var leaf = (LeafNode)node;
        foreach (ref readonly var extent in leaf.Slots[..leaf.Count])
        {
            (extent.Block.IsZero ? unreal : _owned).Add((extent.Block, extent.Length));
        }
    }

    private void OwnRoots()
    {
        var reached = _owned.Where(o => o.First.Kind == BlockKind.Derived)
            .SelectMany(o => Enumerable.Range(0, (int)o.Count).Select(n => o.First + n)).Distinct().Order().ToArray();
        foreach (var block in reached)
        {
            var (domain, recipe) = _recipes[block];
            space.RestoreRecipe(block, domain, recipe);
            _owned.AddRange(recipe.Roots.Select(root => (root, 1L)));
        }
    }
}

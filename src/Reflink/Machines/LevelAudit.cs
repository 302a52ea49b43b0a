using Reflink.Inodes;
using Reflink.Patching.Levels;
using Reflink.Space;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>
/// Checks the mappings that show something else than their files: they are private, they show inodes that the registry has, and those hold
/// just the bytes that the levels say. Folds the levels byte by byte over the snapshot of the root; reads no page that is not in memory.
/// </summary>
internal sealed class LevelAudit(Machine machine)
{
    private readonly Dictionary<Inode, (InodeNumber Root, long Version)> _derived =
        machine.Derived.All.ToDictionary(d => d.Derived, d => (d.Root, d.Version));

    private readonly Dictionary<(InodeNumber Root, long Version), Inode> _snapshots =
        machine.Derived.Snapshots.ToDictionary(s => (s.Root, s.Version), s => s.Snapshot);

    private readonly Dictionary<(int User, InodeNumber File), IReadOnlyList<PatchSet>> _overlays =
        machine.Overlays.All.ToDictionary(o => (o.User.Value, o.File), o => o.Sets);

    // Inodes that were checked already, with the levels over them.
    private readonly HashSet<(Inode Shown, string Levels)> _done = [];

    // Each byte of a page: a place in a block that is not derived, or, with block 0, the value of the byte.
    private readonly (BlockNumber Block, int At)[] _shown = new (BlockNumber, int)[Page.Size];
    private readonly (BlockNumber Block, int At)[] _root = new (BlockNumber, int)[Page.Size];

    /// <summary>Every broken rule, one finding each.</summary>
    public IEnumerable<string> Check() => machine.Processes.Alive.SelectMany(
        p => p.Memory.Mappings.SelectMany(m => Check(p, m).Select(f => $"{p}: the mapping at {m.Start} {f}")));

    private IEnumerable<string> Check(Process process, Vma vma)
    {
        var levels = PatchLevels.Of(vma.Levels);
        if (levels.IsEmpty || vma.Base == vma.File)
        {
            return levels.IsEmpty && vma.Base == vma.File ? [] : [$"of {vma.File} shows {vma.Base}, and over it lies {(levels.IsEmpty ? "nothing" : levels)}"];
        }

        if (vma.IsShared || vma.File is null)
        {
            return [$"is {(vma.IsShared ? "shared" : "anonymous")} and shows {vma.Base}"];
        }

        var overlay = _overlays.GetValueOrDefault((process.User.Id.Value, vma.File.Number), []);
        if (levels.OverlayCount > 0 && !overlay.Select(s => s.Id).SequenceEqual(levels.Sets.Take(levels.OverlayCount).Select(s => s.Id)))
        {
            return [$"has another overlay than {process.User.Name}'s"];
        }

        return !_derived.TryGetValue(vma.Base!, out var of) || of.Root != vma.File.Number || !_snapshots.TryGetValue(of, out var root)
            ? [$"shows {vma.Base}, which the registry does not have from {vma.File}"]
            : _done.Add((vma.Base!, levels.Description)) ? CheckBytes(vma.Base!, root, levels.Sets) : [];
    }

    private IEnumerable<string> CheckBytes(Inode shown, Inode root, IReadOnlyList<PatchSet> levels)
    {
        var changes = Fold(levels, out var misfit);
        if (misfit is not null)
        {
            yield return $"has {misfit}, which does not fit the levels below";
        }

        var changed = changes.Keys.Select(PageIndex.Of).ToHashSet();
        var pages = new SortedSet<PageIndex>(changed);
        foreach (var extent in SnapshotWriter.Extents(shown).Concat(SnapshotWriter.Extents(root)).Where(e => !e.Block.IsZero))
        {
            for (var i = 0L; i < extent.Length; i++)
            {
                pages.Add(extent.Start + i);
            }
        }

        foreach (var page in pages)
        {
            _ = shown.Map.TryFindBlock(page, out var block);
            _ = root.Map.TryFindBlock(page, out var beneath);

            // Most pages are those of the root, which is quick to check.
            var isRoots = block == beneath && !changed.Contains(page);
            if (!isRoots && !IsAsFolded(new PageLabel(root.Number, page), block, beneath, changes))
            {
                yield return $"shows {shown}, whose page {page} ({block}) is not that of {root} ({beneath}) with the levels over it";
            }
        }
    }

    // By file offset: the byte that shows, and the byte of the file. An entry whose old bytes do not show must be a duplicate of one below.
    private static SortedDictionary<long, (byte New, byte Own)> Fold(IReadOnlyList<PatchSet> levels, out string? misfit)
    {
        misfit = null;
        var changes = new SortedDictionary<long, (byte New, byte Own)>();
        for (var level = 0; level < levels.Count; level++)
        {
            var set = levels[level];
            for (var i = 0; i < set.Count; i++)
            {
                if (Shows(changes, set, i))
                {
                    for (var k = 0; k < set.Old(i).Length; k++)
                    {
                        var own = changes.TryGetValue(set.Offset(i) + k, out var below) ? below.Own : set.Old(i)[k];
                        changes[set.Offset(i) + k] = (set.New(i)[k], own);
                    }
                }
                else if (!levels.Take(level).Any(l => l.Has(set[i])))
                {
                    misfit = $"{set[i].ToString()} of {set}";
                }
            }
        }

        return changes;
    }

    private static bool Shows(SortedDictionary<long, (byte New, byte Own)> changes, PatchSet set, int entry)
    {
        for (var k = 0; k < set.Old(entry).Length; k++)
        {
            if (changes.TryGetValue(set.Offset(entry) + k, out var there) && there.New != set.Old(entry)[k])
            {
                return false;
            }
        }

        return true;
    }

    private bool IsAsFolded(PageLabel label, BlockNumber block, BlockNumber beneath, SortedDictionary<long, (byte New, byte Own)> changes)
    {
        ExpandToBytes(block, _shown);
        ExpandToBytes(beneath, _root);
        for (var i = 0; i < Page.Size; i++)
        {
            var expected = _root[i];
            if (changes.TryGetValue(label.Page.Offset + i, out var change))
            {
                if (ByteOf(_root[i], label) is { } own && own != change.Own)
                {
                    return false;
                }

                expected = change.New == change.Own ? _root[i] : (BlockNumber.Zero, change.New);
            }

            if (_shown[i] != expected)
            {
                return false;
            }
        }

        return true;
    }

    private byte? ByteOf((BlockNumber Block, int At) place, PageLabel label) => place.Block.IsZero
        ? (byte)place.At
        : machine.Cache.TryPeek(place.Block, label, out var frame) ? machine.Cache.Frames.Bytes(frame)[place.At] : null;

    private void ExpandToBytes(BlockNumber block, (BlockNumber Block, int At)[] into)
    {
        if (block.Kind != BlockKind.Derived)
        {
            for (var i = 0; i < into.Length; i++)
            {
                into[i] = block.IsZero ? default : (block, i);
            }

            return;
        }

        var at = 0;
        foreach (var piece in machine.Space.RecipeOf(block).Pieces)
        {
            for (var i = 0; i < piece.Length; i++)
            {
                into[at++] = piece.Kind switch
                {
                    PieceKind.Copy => (piece.Source, piece.Offset + i),
                    PieceKind.Data => (BlockNumber.Zero, piece.Data[i]),
                    _ => default,
                };
            }
        }
    }
}

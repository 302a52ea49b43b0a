using Reflink.Inodes;
using Reflink.Machines;
using Reflink.Units;

namespace Reflink.Studies.Experiments;

/// <summary>Counts from the maps of files and processes who owns which frame.</summary>
internal sealed class OwnerCensus
{
    private readonly CacheKeying _keying;
    private readonly List<FrameUse> _frames;
    private readonly List<FrameOwner>[] _owners;
    private readonly int[] _rank;
    private readonly int[] _order;
    private readonly Dictionary<(long, long), int> _byKey = [];

    public OwnerCensus(ExperimentBench bench)
    {
        _keying = bench.Machine.Options.Keying;
        _frames = [.. new FrameCensus(bench.Machine).Frames];
        _owners = [.. _frames.Select(_ => new List<FrameOwner>())];
        _rank = new int[_frames.Count];
        foreach (var (i, frame) in _frames.Index())
        {
            _byKey.Add(Key(frame.Block, frame.Label), i);
        }

        var owners = Owners(bench);
        Array.Fill(_rank, int.MaxValue);
        foreach (var (rank, (name, inode, _)) in owners.Index())
        {
            Enter(rank, name, inode);
        }

        _order = [.. Enumerable.Range(0, _frames.Count).OrderBy(f => _rank[f]).ThenBy(f => _owners[f].Count > 0 ? _owners[f][0].Page : f)];
        Files = [.. owners.Select(o => File(o.Name, o.Inode, o.IsFile))];
        Runs = MakeRuns();
    }

    /// <summary>Files and copies of processes, in order of their names.</summary>
    public IReadOnlyList<CachedFile> Files { get; }

    /// <summary>Who has which frame, in the order of the first owners and their pages.</summary>
    public IReadOnlyList<FrameRun> Runs { get; }

    // Whoever can lead to a frame: files with a name, files that only processes have, and the pages that these copied.
    private static List<(string Name, Inode Inode, bool IsFile)> Owners(ExperimentBench bench)
    {
        var volume = bench.Machine.Volume;
        var owners = volume.List("/").Select(f => (f.Name, volume.Find($"/{f.Name}"), true)).ToList();
        foreach (var mapping in bench.Mappings)
        {
            if (mapping.Vma.File is { } file && !owners.Exists(o => o.Item2 == file))
            {
                owners.Add(($"{mapping.Name} (deleted)", file, true));
            }

            if (mapping.Vma.Private is { } copies)
            {
                owners.Add(($"{mapping.User}:{mapping.Name}", copies, false));
            }
        }

        return owners;
    }

    // What the cache finds a frame by.
    private (long, long) Key(BlockNumber block, in PageLabel label) =>
        _keying != CacheKeying.Block && block.Kind != BlockKind.Anonymous ? (label.Inode.Value, label.Page.Value) : (0, block.Value);

    private void Enter(int rank, string name, Inode inode)
    {
        foreach (var extent in inode.Extents)
        {
            for (var page = extent.Start; page < extent.End; page += 1)
            {
                if (_byKey.TryGetValue(Key(extent.BlockAt(page), new PageLabel(inode.Reader.Number, page)), out var frame))
                {
                    _rank[frame] = Math.Min(_rank[frame], rank);
                    _owners[frame].Add(new FrameOwner(name, page.Value));
                }
            }
        }
    }

    private CachedFile File(string name, Inode inode, bool isFile)
    {
        var (cached, shared, with) = (0L, 0L, new SortedDictionary<string, long>(StringComparer.Ordinal));
        foreach (var owners in _owners)
        {
            var own = owners.Count(o => o.Name == name);
            cached += own;
            shared += owners.Count > 1 ? own : 0;
            foreach (var other in owners.Count > 1 && own > 0 ? owners.Select(o => o.Name).Distinct() : [])
            {
                // Of its own pages, those that another page of its own goes with.
                var pages = other != name || own > 1 ? own : 0;
                with[other] = with.GetValueOrDefault(other) + pages;
            }
        }

        var others = with.Where(w => w.Value > 0).ToDictionary(w => w.Key, w => w.Value);
        return new CachedFile(name, isFile ? inode.Size : null, inode.BlockCount, cached, shared, others);
    }

    private List<FrameRun> MakeRuns()
    {
        var runs = new List<FrameRun>();
        for (var (first, length) = (0, 0); first < _order.Length; first += length)
        {
            for (length = 1; first + length < _order.Length && Continues(first, length);)
            {
                length++;
            }

            var (one, last) = (_frames[_order[first]], _frames[_order[first + length - 1]]);
            runs.Add(new FrameRun((int)one.Frame.Value, (int)last.Frame.Value, one.Block.ToString(), one.IsDirty, one.Mappers, _owners[_order[first]]) { Kind = Kind(_order[first]) });
        }

        return runs;
    }

    private FrameKind Kind(int frame) => _frames[frame] switch
    {
        { IsMerged: true } => FrameKind.Merged,
        { IsDerived: true } => FrameKind.Derived,
        { Block.Kind: BlockKind.Anonymous } => FrameKind.Private,
        _ => _owners[frame].Count switch { 0 => FrameKind.Unowned, 1 => FrameKind.File, _ => FrameKind.Shared },
    };

    // The first two frames say whether the run goes upwards or downwards.
    private bool Continues(int first, int length)
    {
        var (a, b) = (_frames[_order[first]], _frames[_order[first + length]]);
        var step = _frames[_order[first + 1]].Frame.Value - a.Frame.Value;
        return Math.Abs(step) == 1 && b.Frame.Value == a.Frame.Value + (step * length)
            && b.Block == a.Block + length && (b.IsDirty, b.Mappers) == (a.IsDirty, a.Mappers)
            && Kind(_order[first]) == Kind(_order[first + length])
            && _owners[_order[first]].Select(o => o with { Page = o.Page + length }).SequenceEqual(_owners[_order[first + length]]);
    }
}

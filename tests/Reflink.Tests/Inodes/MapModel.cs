using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Tests.Inodes;

/// <summary>What a call on one of the maps does.</summary>
public enum MapVerb
{
    Map,
    MapZero,
    Unmap,
    Clone,
    Become,
    Clear,
    Collapse,
    Insert,
    CloneRange,
}

/// <summary>One call. <see cref="Map"/> and <see cref="Other"/> choose among the maps that there are.</summary>
public sealed record MapCall(MapVerb Verb, int Map, int Other, int Start, int Length);

/// <summary>Extent maps beside flat arrays of blocks, in which a clone is a copy. Null is a hole.</summary>
internal sealed class MapModel(int pages, int maps, int fanOut)
{
    private readonly BlockSpace _space = new(1_000_000, new ChangeCounter());
    private readonly List<ExtentMap> _maps = [];
    private readonly List<BlockNumber?[]> _flat = [];
    private NodeReaper? _reaper;

    public NodeReaper Reaper => _reaper ??= new NodeReaper(_space, fanOut);

    public BlockSpace Space => _space;

    /// <summary>Makes the calls and checks all there is after each, or after the last if all shorter sequences are played as well.</summary>
    public void Play(IReadOnlyList<MapCall> calls, bool checkEach = true)
    {
        Add(new ExtentMap(_space, Reaper), new BlockNumber?[pages]);
        for (var i = 0; i < calls.Count; i++)
        {
            Apply(calls[i]);
            if (checkEach || i == calls.Count - 1)
            {
                AssertSound();
            }
        }

        foreach (var map in _maps)
        {
            map.Clear();
        }

        Reaper.Drain();
        Assert.Equal((0, 0), (_space.Live(BlockKind.Stored), _space.Live(BlockKind.Anonymous)));
    }

    private void Add(ExtentMap map, BlockNumber?[] flat)
    {
        _maps.Add(map);
        _flat.Add(flat);
    }

    private void Apply(MapCall call)
    {
        var i = call.Map % _maps.Count;
        var j = call.Other % _maps.Count;
        var start = call.Start % pages;
        var length = Math.Min(call.Length, pages - start);
        var map = _maps[i];
        var flat = _flat[i];
        PageRange range = new(new PageIndex(start), length);
        switch (call.Verb)
        {
            case MapVerb.Map:
                var block = _space.Allocate(call.Other % 2 == 0 ? BlockKind.Stored : BlockKind.Anonymous, length);
                map.Map(range.Start, length, block);
                Fill(flat, start, length, page => block + page);
                break;
            case MapVerb.MapZero:
                map.Map(range.Start, length, BlockNumber.Zero);
                Fill(flat, start, length, _ => BlockNumber.Zero);
                break;
            case MapVerb.Unmap:
                map.Unmap(range);
                Fill(flat, start, length, _ => null);
                break;
            case MapVerb.Clone when _maps.Count < maps:
                Add(map.Clone(), [.. flat]);
                break;
            case MapVerb.Become:
                _maps[j].Become(map);
                _flat[j] = [.. flat];
                break;
            case MapVerb.Clear:
                map.Clear();
                Fill(flat, 0, pages, _ => null);
                break;
            case MapVerb.Collapse:
                map.Collapse(range);
                _flat[i] = [.. flat[..start], .. flat[(start + length)..], .. new BlockNumber?[length]];
                break;
            case MapVerb.Insert:
                Insert(i, start, length);
                break;
            case MapVerb.CloneRange:
                CloneRange(i, j, start, length);
                break;
        }
    }

    private static void Fill(BlockNumber?[] flat, int start, int length, Func<int, BlockNumber?> block)
    {
        for (var page = 0; page < length; page++)
        {
            flat[start + page] = block(page);
        }
    }

    private void Insert(int i, int start, int length)
    {
        _maps[i].Unmap(new PageRange(new PageIndex(pages - length), length));
        _maps[i].Insert(new PageIndex(start), length);
        _flat[i] = [.. _flat[i][..start], .. new BlockNumber?[length], .. _flat[i][start..(pages - length)]];
    }

    /// <summary>FICLONERANGE as Files will do it: share each extent of the source, then map it.</summary>
    private void CloneRange(int from, int to, int start, int length)
    {
        var source = _maps[from].Clone();
        PageRange range = new(new PageIndex(start), length);
        _maps[to].Unmap(range);
        foreach (var extent in source.Extents(range))
        {
            _space.Share(extent.Block, extent.Length);
            _maps[to].Map(extent.Start, extent.Length, extent.Block);
        }

        source.Clear();
        Array.Copy(_flat[from], start, _flat[to], start, length);
    }

    private void AssertSound()
    {
        Assert.Empty(ExtentAudit.Check(_space, _maps, Reaper));
        for (var i = 0; i < _maps.Count; i++)
        {
            AssertEqual(_maps[i], _flat[i], AsIsExclusive(i));
        }
    }

    /// <summary>The blocks that only this map has, by its array and the others'.</summary>
    private HashSet<BlockNumber> AsIsExclusive(int i)
    {
        var all = _flat.SelectMany(flat => flat).OfType<BlockNumber>();
        HashSet<BlockNumber> once = [.. all.GroupBy(block => block).Where(group => group.Count() == 1).Select(group => group.Key)];
        once.IntersectWith(_flat[i].OfType<BlockNumber>());
        once.Remove(BlockNumber.Zero);
        return once;
    }

    private void AssertEqual(ExtentMap map, BlockNumber?[] flat, HashSet<BlockNumber> alone)
    {
        var seen = new BlockNumber?[pages];
        foreach (var extent in map.Extents(new PageRange(default, pages)))
        {
            Fill(seen, (int)extent.Start.Value, (int)extent.Length, page => extent.Block + page);
        }

        Assert.Equal(flat, seen);
        Assert.Equal(flat.Count(block => block is { IsZero: false }), map.BlockCount);
        Assert.Equal(map.Extents(new PageRange(default, long.MaxValue)).Count(), map.ExtentCount);
        Assert.Equal(map.ExtentCount == 0, map.IsEmpty);
        for (var page = 0; page < pages; page++)
        {
            Assert.Equal(flat[page], map.TryFind(new PageIndex(page), out var rest) ? rest.Block : null);
            Assert.True(rest.Length == 0 || (rest.Start.Value == page && rest.BlockAt(rest.End - 1) == flat[page + (int)rest.Length - 1]));
            var next = Array.FindIndex(flat, page, block => block is not null);
            Assert.Equal(next < 0 ? null : new PageIndex(next), map.NextMapped(new PageIndex(page)));

            // A shared node above may hide that a block is reached only once, never the other way round.
            Assert.False(map.IsExclusive(new PageIndex(page)) && !alone.Contains(flat[page]!.Value));
        }
    }
}

using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Tests.Inodes;

/// <summary>What clones share and what a write copies, counted in nodes and owners rather than in time.</summary>
public sealed class ExtentMapSharingTests
{
    private const int Pages = 20_000;
    private readonly BlockSpace _space = new(1_000_000, new ChangeCounter());
    private readonly NodeReaper _reaper;
    private readonly ExtentMap _map;

    public ExtentMapSharingTests()
    {
        _reaper = new NodeReaper(_space);
        _map = new ExtentMap(_space, _reaper);
        var first = _space.Allocate(BlockKind.Stored, 2 * Pages);
        for (var page = 0; page < Pages; page++)
        {
            _map.Map(new PageIndex(page), 1, first + (2 * page));
            _space.Release(first + (2 * page) + 1, 1);
        }
    }

    [Fact]
    public void A_file_written_from_front_to_back_has_full_leaves()
    {
        Assert.Equal(Pages, _map.ExtentCount);
        Assert.True(Nodes(_map).Count < Pages / 32 * 1.1);
    }

    [Fact]
    public void A_clone_adds_no_owner_and_no_node()
    {
        var clone = _map.Clone();
        Assert.Equal(0, ExtraOwners());
        Assert.Equal(Nodes(_map), Nodes(clone));
        Assert.False(_map.IsExclusive(new PageIndex(7)));

        clone.Clear();
        Assert.True(_map.IsExclusive(new PageIndex(7)));
        Assert.True(_reaper.IsIdle);
        Assert.Empty(ExtentAudit.Check(_space, [_map, clone], _reaper));
    }

    [Fact]
    public void The_first_write_to_a_clone_copies_one_path_and_shares_one_leaf()
    {
        var clone = _map.Clone();
        clone.Map(new PageIndex(9_999), 1, _space.Allocate(BlockKind.Stored, 1));
        var nodes = Nodes(clone);
        nodes.ExceptWith(Nodes(_map));
        Assert.Equal(3, nodes.Count);
        Assert.Equal(31, ExtraOwners());
        Assert.True(clone.IsExclusive(new PageIndex(9_999)));
        Assert.False(clone.IsExclusive(new PageIndex(9_998)));
        Assert.Empty(ExtentAudit.Check(_space, [_map, clone], _reaper));
    }

    [Fact]
    public void A_second_write_to_the_same_leaf_copies_nothing()
    {
        var clone = _map.Clone();
        clone.Map(new PageIndex(64), 1, _space.Allocate(BlockKind.Stored, 1));
        var before = Nodes(clone);
        clone.Map(new PageIndex(65), 1, _space.Allocate(BlockKind.Stored, 1));
        Assert.Equal(before, Nodes(clone));
        Assert.Equal(30, ExtraOwners());
    }

    [Fact]
    public void Punching_a_hole_in_a_hole_copies_nothing()
    {
        _map.Unmap(new PageRange(new PageIndex(500), 10));
        var clone = _map.Clone();
        clone.Unmap(new PageRange(new PageIndex(501), 8));
        Assert.Equal(Nodes(_map), Nodes(clone));
    }

    [Fact]
    public void Unmapping_most_of_a_clone_does_not_copy_what_it_drops()
    {
        var clone = _map.Clone();
        clone.Unmap(new PageRange(new PageIndex(10), Pages - 20));
        var nodes = Nodes(clone);
        nodes.ExceptWith(Nodes(_map));
        Assert.True(nodes.Count <= 6);
        Assert.Equal(20, clone.BlockCount);
        Assert.Equal(20, ExtraOwners());
        Assert.Empty(ExtentAudit.Check(_space, [_map, clone], _reaper));
    }

    [Fact]
    public void A_dropped_tree_is_freed_a_step_at_a_time_and_all_in_the_end()
    {
        BlockSpace space = new(0, new ChangeCounter());
        NodeReaper reaper = new(space, 2);
        ExtentMap deep = new(space, reaper);
        for (var page = 0; page < 5_000; page++)
        {
            deep.Map(new PageIndex(2 * page), 1, space.Allocate(BlockKind.Anonymous, 1));
        }

        deep.Clear();
        Assert.True(deep.IsEmpty);
        Assert.InRange(space.Live(BlockKind.Anonymous), 5_000 - 1_024, 4_999);
        Assert.Empty(ExtentAudit.Check(space, [deep], reaper));
        reaper.Step(1);
        Assert.False(reaper.IsIdle);
        reaper.Drain();
        Assert.Equal(0, space.Live(BlockKind.Anonymous));
    }

    [Fact]
    public void A_small_tree_is_freed_at_once()
    {
        ExtentMap small = new(_space, _reaper);
        small.Map(new PageIndex(3), 5, _space.Allocate(BlockKind.Anonymous, 5));
        small.Become(_map);
        Assert.Equal(0, _space.Live(BlockKind.Anonymous));
        Assert.Equal(Pages, small.BlockCount);
    }

    private static HashSet<object> Nodes(ExtentMap map)
    {
        HashSet<object> nodes = new(ReferenceEqualityComparer.Instance);
        Collect(map.Root, nodes);
        return nodes;
    }

    private static void Collect(Node? node, HashSet<object> nodes)
    {
        if (node is not null && nodes.Add(node) && node is InnerNode inner)
        {
            foreach (var child in inner.Children[..inner.Count])
            {
                Collect(child, nodes);
            }
        }
    }

    /// <summary>How many owners there are beyond one a block: what all Share calls added and nothing took back.</summary>
    private long ExtraOwners() => _space.Runs(BlockKind.Stored).Sum(run => run.Count * (run.Owners - 1));
}

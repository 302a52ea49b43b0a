using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Tests.Inodes;

/// <summary>Single maps: joining, cutting, order of mapping and release, enumeration.</summary>
public sealed class ExtentMapTests
{
    private readonly BlockSpace _space = new(1000, new ChangeCounter());
    private readonly ExtentMap _map;

    public ExtentMapTests() => _map = new ExtentMap(_space, new NodeReaper(_space));

    [Fact]
    public void Extents_that_continue_each_other_are_one_in_whatever_order_they_came()
    {
        var block = _space.Allocate(BlockKind.Stored, 6);
        foreach (var page in (int[])[3, 0, 5, 1, 4, 2])
        {
            _map.Map(new PageIndex(page), 1, block + page);
        }

        Assert.Equal([new Extent(default, 6, block)], All());
        Assert.Equal(6, _map.BlockCount);
    }

    [Fact]
    public void Pages_of_block_0_are_mapped_but_have_no_block()
    {
        _map.Map(new PageIndex(1), 3, BlockNumber.Zero);
        _map.Map(new PageIndex(4), 2, BlockNumber.Zero);
        Assert.Equal([new Extent(new PageIndex(1), 5, BlockNumber.Zero)], All());
        Assert.Equal((0, 1, false), (_map.BlockCount, _map.ExtentCount, _map.IsEmpty));
        Assert.True(_map.TryFind(new PageIndex(3), out var rest));
        Assert.Equal(new Extent(new PageIndex(3), 3, BlockNumber.Zero), rest);
        Assert.False(_map.IsExclusive(new PageIndex(3)));
    }

    [Fact]
    public void A_write_into_the_middle_cuts_an_extent_in_three()
    {
        var old = _space.Allocate(BlockKind.Stored, 10);
        _map.Map(default, 10, old);
        var fresh = _space.Allocate(BlockKind.Stored, 2);
        _map.Map(new PageIndex(4), 2, fresh);
        Assert.Equal([new(default, 4, old), new(new PageIndex(4), 2, fresh), new(new PageIndex(6), 4, old + 6)], All());
        Assert.Equal((0, 0, 10), (_space.Owners(old + 4), _space.Owners(old + 5), _space.Live(BlockKind.Stored)));
    }

    [Fact]
    public void Mapping_a_block_where_it_is_mapped_already_keeps_it_alive()
    {
        var block = _space.Allocate(BlockKind.Stored, 1);
        _map.Map(default, 1, block);
        _space.Share(block, 1);
        _map.Map(default, 1, block);
        Assert.Equal(1, _space.Owners(block));
        Assert.False(_space.TryTakeFreed(out _, out _));
    }

    [Fact]
    public void Enumerating_clips_to_the_range_and_refuses_a_map_that_changes_meanwhile()
    {
        var block = _space.Allocate(BlockKind.Stored, 10);
        _map.Map(default, 10, block);
        Assert.Equal([new Extent(new PageIndex(2), 3, block + 2)], _map.Extents(new PageRange(new PageIndex(2), 3)));
        Assert.Empty(_map.Extents(new PageRange(new PageIndex(10), 5)));
        Assert.Throws<InvariantException>(() =>
        {
            foreach (var extent in _map.Extents(new PageRange(default, 10)))
            {
                _map.Unmap(extent.Range);
            }
        });
    }

    [Fact]
    public void Collapse_joins_what_then_lies_side_by_side()
    {
        var block = _space.Allocate(BlockKind.Stored, 8);
        _map.Map(default, 4, block);
        _map.Map(new PageIndex(6), 4, block + 4);
        _map.Collapse(new PageRange(new PageIndex(4), 2));
        Assert.Equal([new Extent(default, 8, block)], All());
        _map.Insert(new PageIndex(3), 7);
        Assert.Equal([new Extent(default, 3, block), new Extent(new PageIndex(10), 5, block + 3)], All());
    }

    [Fact]
    public void Clones_diverge_and_a_merged_block_stays_shared()
    {
        var block = _space.Allocate(BlockKind.Anonymous, 2);
        _map.Map(default, 2, block);
        var clone = _map.Clone();
        clone.Unmap(new PageRange(default, 1));
        Assert.True(_map.IsExclusive(default));
        Assert.False(_map.IsExclusive(new PageIndex(1)));
        clone.Clear();
        Assert.True(_map.IsExclusive(new PageIndex(1)));
        _space.MarkMerged(block + 1);
        Assert.False(_map.IsExclusive(new PageIndex(1)));
    }

    private IEnumerable<Extent> All() => _map.Extents(new PageRange(default, long.MaxValue));
}

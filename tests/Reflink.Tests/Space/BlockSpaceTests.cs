using Reflink.Space;
using Reflink.Units;

namespace Reflink.Tests.Space;

/// <summary>Allocation, owners, marks and the queue of freed blocks.</summary>
public sealed class BlockSpaceTests
{
    private readonly BlockSpace _space = new(100, new ChangeCounter());

    [Fact]
    public void New_blocks_lie_side_by_side_and_belong_to_the_caller()
    {
        var first = _space.Allocate(BlockKind.Stored, 10);
        var second = _space.Allocate(BlockKind.Stored, 5);
        Assert.Equal(BlockNumber.Of(BlockKind.Stored, 1), first);
        Assert.Equal(first + 10, second);
        Assert.Equal(15, _space.Live(BlockKind.Stored));
        Assert.Equal([new BlockRun(first, 15, 1, false)], _space.Runs(BlockKind.Stored));
        Assert.True(_space.IsExclusive(first + 14));
        Assert.Equal(0, _space.Owners(first + 15));
    }

    [Fact]
    public void Stored_blocks_beyond_the_capacity_are_refused_and_nothing_changes()
    {
        var first = _space.Allocate(BlockKind.Stored, 99);
        var refusal = Assert.Throws<ReflinkException>(() => _space.Allocate(BlockKind.Stored, 2));
        Assert.Equal(Errno.ENOSPC, refusal.Error);
        Assert.Equal(99, _space.Live(BlockKind.Stored));
        Assert.Equal([new BlockRun(first, 99, 1, false)], _space.Runs(BlockKind.Stored));
        Assert.Equal(first + 99, _space.Allocate(BlockKind.Stored, 1));
    }

    [Fact]
    public void A_huge_request_does_not_overflow_into_success()
    {
        _space.Allocate(BlockKind.Stored, 1);
        Assert.Equal(Errno.ENOSPC, Assert.Throws<ReflinkException>(() => _space.Allocate(BlockKind.Stored, long.MaxValue)).Error);
    }

    [Fact]
    public void Anonymous_blocks_do_not_count_against_the_volume()
    {
        _space.Allocate(BlockKind.Anonymous, 1000);
        Assert.Equal(1000, _space.Live(BlockKind.Anonymous));
        Assert.Equal(0, _space.Live(BlockKind.Stored));
    }

    [Fact]
    public void A_block_dies_with_its_last_owner_and_its_number_does_not_come_back()
    {
        var first = _space.Allocate(BlockKind.Stored, 100);
        _space.Share(first + 40, 20);
        _space.Release(first, 100);
        Assert.Equal(20, _space.Live(BlockKind.Stored));
        Assert.Equal((0, 1, 1, 0), (_space.Owners(first + 39), _space.Owners(first + 40), _space.Owners(first + 59), _space.Owners(first + 60)));
        Assert.Equal(first + 100, _space.Allocate(BlockKind.Stored, 80));
    }

    [Fact]
    public void Freed_blocks_queue_in_order_of_death_as_runs()
    {
        var first = _space.Allocate(BlockKind.Stored, 10);
        _space.Release(first + 5, 2);
        _space.Release(first + 7, 1);
        _space.Release(first, 2);
        Assert.Equal([(first + 5, 3), (first, 2)], Freed());
        Assert.Empty(Freed());
        _space.Release(first + 2, 3);
        Assert.Equal([(first + 2, 3)], Freed());
    }

    [Fact]
    public void Block_0_is_owned_by_all_and_never_counted()
    {
        _space.Share(BlockNumber.Zero, 5);
        _space.Release(BlockNumber.Zero, 50);
        _space.MarkMerged(BlockNumber.Zero);
        Assert.Equal(0, _space.Owners(BlockNumber.Zero));
        Assert.False(_space.IsExclusive(BlockNumber.Zero));
        Assert.False(_space.IsMerged(BlockNumber.Zero));
        Assert.Empty(Freed());
    }

    [Fact]
    public void A_merged_block_is_never_exclusive_and_the_mark_dies_with_it()
    {
        var first = _space.Allocate(BlockKind.Anonymous, 3);
        _space.MarkMerged(first + 1);
        _space.MarkMerged(first + 1);
        Assert.True(_space.IsMerged(first + 1));
        Assert.Equal(1, _space.Owners(first + 1));
        Assert.Equal((true, false, true), (_space.IsExclusive(first), _space.IsExclusive(first + 1), _space.IsExclusive(first + 2)));
        _space.Release(first + 1, 1);
        Assert.False(_space.IsMerged(first + 1));
    }

    [Fact]
    public void Sharing_and_releasing_the_dead_is_a_broken_rule()
    {
        var first = _space.Allocate(BlockKind.Stored, 2);
        _space.Release(first, 1);
        Assert.Throws<InvariantException>(() => _space.Share(first, 1));
        Assert.Throws<InvariantException>(() => _space.Release(first, 2));
        Assert.Throws<InvariantException>(() => _space.Share(first + 2, 1));
    }

    private List<(BlockNumber First, long Count)> Freed()
    {
        List<(BlockNumber First, long Count)> freed = [];
        while (_space.TryTakeFreed(out var first, out var count))
        {
            freed.Add((first, count));
        }

        return freed;
    }
}

using Reflink.Cluster.Grains;

namespace Reflink.Cluster.Tests;

public sealed class RunQueueTests
{
    private readonly ManualTime _time = new();
    private readonly Dictionary<int, int> _attempts = [];

    [Fact]
    public void Workers_take_runs_in_the_order_of_the_plan_and_none_twice()
    {
        var queue = Queue(5);

        Assert.Equal([0, 1], queue.Take("a", 2));
        Assert.Equal([2, 3], queue.Take("b", 2));
        Assert.Equal([4], queue.Take("a", 2));
        Assert.Empty(queue.Take("b", 2));
        Assert.Equal(5, queue.LeasedCount);
    }

    [Fact]
    public void The_runs_of_a_worker_that_does_not_renew_are_given_to_another()
    {
        var queue = Queue(3);
        _ = queue.Take("a", 2);

        _time.Pass(RunQueue.LeaseTime);

        Assert.Equal([(0, "a", false), (1, "a", false)], queue.Expire());
        Assert.Equal([0, 1, 2], queue.Take("b", 9));
        Assert.Equal([0, 1], queue.Renew("a", [0], [1]));
    }

    [Fact]
    public void A_lease_that_is_renewed_does_not_end()
    {
        var queue = Queue(2);
        _ = queue.Take("a", 2);

        for (var i = 0; i < 10; i++)
        {
            _time.Pass(RunQueue.Heartbeat);
            Assert.Empty(queue.Renew("a", [0, 1], []));
            Assert.Empty(queue.Expire());
        }
    }

    [Fact]
    public void A_queue_made_anew_takes_renewals_before_it_gives_runs_out()
    {
        var queue = new RunQueue(3, _attempts, _time, RunQueue.Heartbeat);

        Assert.Empty(queue.Take("b", 9));
        Assert.Empty(queue.Renew("a", [0], [2]));
        _time.Pass(RunQueue.Heartbeat);

        Assert.Equal([1], queue.Take("b", 9));
    }

    [Fact]
    public void A_run_that_ends_badly_three_times_is_not_tried_again()
    {
        var queue = Queue(1);

        foreach (var isPoisoned in new[] { false, false, true })
        {
            Assert.Equal([0], queue.Take("a", 1));
            Assert.Equal(isPoisoned, queue.Fail("a", 0));
        }

        Assert.Equal(3, _attempts[0]);
    }

    [Fact]
    public void A_run_that_its_dead_worker_had_not_begun_is_not_to_blame()
    {
        var queue = Queue(2);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal([0, 1], queue.Take("a", 2));
            _ = queue.Renew("a", i < 2 ? [0] : [], i < 2 ? [1] : [0, 1]);
            _time.Pass(RunQueue.LeaseTime);
            Assert.Equal([(0, "a", false), (1, "a", false)], queue.Expire());
        }

        Assert.Equal([KeyValuePair.Create(0, 2)], _attempts);
    }

    [Fact]
    public void A_run_that_is_handed_back_is_given_out_first_and_is_not_to_blame()
    {
        var queue = Queue(4);
        _ = queue.Take("a", 2);

        queue.GiveBack("a", 1);
        queue.GiveBack("b", 0);

        Assert.Equal([1, 2], queue.Take("b", 2));
        Assert.Empty(_attempts);
    }

    [Fact]
    public void A_run_that_a_worker_cannot_do_is_given_to_others_only()
    {
        var queue = Queue(2);
        _ = queue.Take("small", 1);

        queue.Refuse("small", 0);

        Assert.Equal([1], queue.Take("small", 2));
        Assert.Equal([0], queue.Take("large", 2));
    }

    [Fact]
    public void A_run_is_done_once_whoever_does_it()
    {
        var queue = Queue(1);
        _ = queue.Take("a", 1);
        _time.Pass(RunQueue.LeaseTime);
        _ = queue.Expire();

        Assert.True(queue.Done(0));
        Assert.False(queue.Done(0));

        Assert.True(queue.IsDone);
        Assert.Empty(queue.Take("b", 1));
    }

    private RunQueue Queue(int count) => new(count, _attempts, _time, TimeSpan.Zero);
}

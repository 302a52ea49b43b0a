using Reflink.Cache.Policies;
using Reflink.Units;

namespace Reflink.Tests.Cache;

public sealed class ClockPolicyTests : ReplacementConformance
{
    [Fact]
    public void What_was_used_since_the_hand_came_by_has_a_second_chance_and_no_third()
    {
        var policy = Create();
        foreach (var frame in (int[])[1, 2, 3, 4])
        {
            Insert(policy, frame);
        }

        Touch(policy, 1, 3);
        Assert.Equal([2], Take(policy, 1));
        Insert(policy, 5);

        // The hand stands at 3, which passes; 1 passed before and was not used since.
        Assert.Equal([4, 1], Take(policy, 2));
        Touch(policy, 3);
        Assert.Equal([5, 3], Take(policy, 2));
    }

    [Fact]
    public void When_all_were_used_it_goes_once_round_and_takes_the_first()
    {
        var policy = Create();
        foreach (var frame in (int[])[8, 6, 7])
        {
            Insert(policy, frame);
            Touch(policy, frame);
        }

        Assert.Equal([8, 6, 7], Take(policy, 3));
    }

    [Fact]
    public void A_frame_that_comes_in_again_has_not_been_used()
    {
        var policy = Create();
        Insert(policy, 1);
        Touch(policy, 1);
        policy.Removed(new FrameNumber(1));
        Insert(policy, 1);
        Insert(policy, 2);
        Assert.Equal([1, 2], Take(policy, 2));
    }

    protected override IReplacementPolicy Create() => new ClockPolicy();

    protected override IReplacementPolicy CreateOracle()
    {
        var used = new HashSet<int>();
        return new ListPolicy(touch: (_, frame) => used.Add(frame), hasSecondChance: used.Remove);
    }

    private static void Touch(IReplacementPolicy policy, params int[] frames)
    {
        foreach (var frame in frames)
        {
            policy.Touched(new FrameNumber(frame), AccessKind.Read, default);
        }
    }

    private static IEnumerable<int> Take(IReplacementPolicy policy, int count)
    {
        var chosen = new FrameNumber[count];
        return chosen[..policy.Reclaim(count, default, chosen)].Select(c => c.Value);
    }
}

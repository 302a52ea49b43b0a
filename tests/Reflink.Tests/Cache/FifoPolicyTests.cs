using Reflink.Cache.Policies;
using Reflink.Units;

namespace Reflink.Tests.Cache;

public sealed class FifoPolicyTests : ReplacementConformance
{
    [Fact]
    public void The_first_in_is_the_first_out_used_or_not()
    {
        var policy = Create();
        foreach (var frame in (int[])[5, 2, 9, 0, 30])
        {
            Insert(policy, frame);
        }

        policy.Touched(new FrameNumber(5), AccessKind.Load, default);
        policy.Removed(new FrameNumber(9));
        Insert(policy, 9);
        Assert.Equal([5, 2, 0, 30, 9], Drain(policy));
    }

    protected override IReplacementPolicy Create() => new FifoPolicy();

    protected override IReplacementPolicy CreateOracle() => new ListPolicy(touch: (_, _) => { }, hasSecondChance: _ => false);
}

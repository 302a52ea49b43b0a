using CsCheck;
using Reflink.Cache;
using Reflink.Cache.Replacement;
using Reflink.Units;
using Xunit;

namespace Reflink.Tests.CacheTests;

/// <summary>What every replacement policy must do. A policy's own tests derive from this and say how to make one.</summary>
public abstract class ReplacementConformance
{
    private const int Frames = 40;

    private static readonly Gen<(int Verb, int Frame)[]> s_calls =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, Frames - 1]).Array[0, 200];

    [Fact]
    public void An_empty_policy_chooses_nothing() =>
        Assert.Equal(0, Create().Reclaim(4, default, new FrameNumber[4]));

    [Fact]
    public void It_has_a_name() => Assert.Matches("^[a-z0-9-]+$", Create().Name);

    [Fact]
    public void All_that_came_in_can_be_had_back_each_once()
    {
        var policy = Create();
        for (var f = 0; f < Frames; f++)
        {
            Insert(policy, f);
        }

        Assert.Equal(Enumerable.Range(0, Frames), Drain(policy).Order());
    }

    [Fact]
    public void What_was_chosen_and_put_back_is_chosen_again()
    {
        var policy = Create();
        Insert(policy, 3);
        Assert.Equal([3], Drain(policy));
        Insert(policy, 3);
        Assert.Equal([3], Drain(policy));
    }

    [Fact]
    public void It_chooses_what_is_there_and_no_more_than_asked() => s_calls.Sample(
        calls =>
        {
            var (policy, there) = (Create(), new HashSet<int>());
            foreach (var (verb, frame) in calls)
            {
                Step(policy, there, verb, frame);
            }

            Assert.Equal(there.Order(), Drain(policy).Order());
        },
        iter: 2000);

    protected abstract IReplacementPolicy Create();

    protected static void Insert(IReplacementPolicy policy, int frame) =>
        policy.Inserted(new FrameNumber(frame), new PageLabel(new InodeNumber(1), new PageIndex(frame)), AccessKind.Read, default);

    protected static List<int> Drain(IReplacementPolicy policy)
    {
        var (drained, chosen) = (new List<int>(), new FrameNumber[3]);
        for (int count; (count = policy.Reclaim(chosen.Length, default, chosen)) > 0;)
        {
            drained.AddRange(chosen.Take(count).Select(c => c.Value));
            Assert.True(drained.Count <= Frames, "more was chosen than came in");
        }

        return drained;
    }

    private static void Step(IReplacementPolicy policy, HashSet<int> there, int verb, int frame)
    {
        switch (verb)
        {
            case 0 when there.Add(frame): Insert(policy, frame); break;
            case 1 when there.Contains(frame): policy.Touched(new FrameNumber(frame), AccessKind.Load, default); break;
            case 2 when there.Remove(frame): policy.Removed(new FrameNumber(frame)); break;
            case 3:
                var chosen = new FrameNumber[8];
                var target = frame % 8;
                var count = policy.Reclaim(target, default, chosen);
                Assert.Equal(Math.Min(target, there.Count), count);
                Assert.All(chosen.Take(count), c => Assert.True(there.Remove(c.Value), $"{c} was not there"));
                break;
            default: break;
        }
    }
}

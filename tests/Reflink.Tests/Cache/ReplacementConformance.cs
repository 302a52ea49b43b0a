using CsCheck;
using Reflink.Cache.Policies;
using Reflink.Tests.Measuring;
using Reflink.Units;

namespace Reflink.Tests.Cache;

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

    [Fact]
    public void It_chooses_what_the_plain_list_chooses() => s_calls.Sample(
        calls =>
        {
            var (policy, oracle, there) = (Create(), CreateOracle(), new HashSet<int>());
            foreach (var (verb, frame) in calls)
            {
                var (chosen, expected) = (new FrameNumber[8], new FrameNumber[8]);
                var count = Call(policy, there.Contains(frame), verb, frame, chosen);
                Assert.Equal(Call(oracle, there.Contains(frame), verb, frame, expected), count);
                Assert.Equal(expected, chosen);
                there.ExceptWith(chosen.Take(count).Select(c => c.Value));
                _ = verb switch { 0 => there.Add(frame), 2 => there.Remove(frame), _ => false };
            }

            Assert.Equal(Drain(oracle), Drain(policy));
        },
        iter: 2000);

    [Fact]
    public void Nothing_is_allocated_once_it_knows_the_frames()
    {
        var (policy, chosen) = (Create(), new FrameNumber[8]);
        for (var f = 0; f < 5000; f++)
        {
            Insert(policy, f);
        }

        Allocations.AssertNone(10_000, n =>
        {
            policy.Touched(new FrameNumber(n * 7 % 5000), AccessKind.Read, default);
            policy.Removed(new FrameNumber(n * 11 % 5000));
            Insert(policy, n * 11 % 5000);
            for (var count = policy.Reclaim(chosen.Length, default, chosen); count > 0; count--)
            {
                Insert(policy, chosen[count - 1].Value);
            }
        });
    }

    protected abstract IReplacementPolicy Create();

    /// <summary>The same policy written in the most stupid way, over a <see cref="List{T}"/>.</summary>
    protected abstract IReplacementPolicy CreateOracle();

    protected static void Insert(IReplacementPolicy policy, int frame) =>
        policy.Inserted(new Folio(new FrameNumber(frame)), new PageLabel(new InodeNumber(1), new PageIndex(frame)), AccessKind.Read, default);

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

    private static int Call(IReplacementPolicy policy, bool isThere, int verb, int frame, FrameNumber[] chosen)
    {
        switch (verb)
        {
            case 0 when !isThere: Insert(policy, frame); break;
            case 1 when isThere: policy.Touched(new FrameNumber(frame), AccessKind.Load, default); break;
            case 2 when isThere: policy.Removed(new FrameNumber(frame)); break;
            case 3: return policy.Reclaim(frame % 8, default, chosen);
            default: break;
        }

        return 0;
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

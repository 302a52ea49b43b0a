using Reflink.Cache.Policies;
using Reflink.Units;

namespace Reflink.Tests.Cache;

public sealed class LruPolicyTests : ReplacementConformance
{
    [Fact]
    public void What_was_used_longest_ago_leaves_first()
    {
        var policy = Create();
        foreach (var frame in (int[])[1, 2, 3, 4, 5])
        {
            Insert(policy, frame);
        }

        foreach (var used in (int[])[2, 5, 1, 2])
        {
            policy.Touched(new FrameNumber(used), AccessKind.Read, default);
        }

        policy.Removed(new FrameNumber(4));
        Assert.Equal([3, 5, 1, 2], Drain(policy));
    }

    [Fact]
    public void Misses_are_those_of_the_reference_string_in_the_textbook()
    {
        // Silberschatz, Galvin, Gagne, Operating System Concepts, 10.4: 3 frames, LRU has 12 faults and FIFO 15.
        int[] pages = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
        Assert.Equal((12, 15), (Misses(new LruPolicy(), pages, 3), Misses(new FifoPolicy(), pages, 3)));
    }

    protected override IReplacementPolicy Create() => new LruPolicy();

    protected override IReplacementPolicy CreateOracle() => new ListPolicy(
        touch: (frames, frame) =>
        {
            frames.Remove(frame);
            frames.Add(frame);
        },
        hasSecondChance: _ => false);

    // The frame that is chosen takes the page that missed.
    private static int Misses(IReplacementPolicy policy, int[] pages, int frames)
    {
        var (held, chosen, misses) = (new Dictionary<int, int>(), new FrameNumber[1], 0);
        foreach (var page in pages)
        {
            if (held.TryGetValue(page, out var frame))
            {
                policy.Touched(new FrameNumber(frame), AccessKind.Read, default);
                continue;
            }

            frame = misses++;
            if (frame >= frames)
            {
                Assert.Equal(1, policy.Reclaim(1, default, chosen));
                frame = chosen[0].Value;
                held.Remove(held.Single(h => h.Value == frame).Key);
            }

            held[page] = frame;
            Insert(policy, frame);
        }

        return misses;
    }
}

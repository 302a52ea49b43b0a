using CsCheck;
using Reflink.Space;

namespace Reflink.Tests.Space;

/// <summary>The run map against an array of counts.</summary>
public sealed class RunMapTests
{
    private const int Blocks = 40;

    private enum Verb
    {
        Append,
        Share,
        Release,
        Mark,
    }

    /// <summary>One call; the range is folded into what exists when it is made.</summary>
    private sealed record Call(Verb Verb, int First, int Count);

    private static readonly Gen<Call[]> s_calls = Gen.Select(
        Gen.Frequency((1, Gen.Const(Verb.Append)), (2, Gen.Const(Verb.Share)), (3, Gen.Const(Verb.Release)), (1, Gen.Const(Verb.Mark))),
        Gen.Int[0, Blocks - 1],
        Gen.Int[1, 8],
        (verb, first, count) => new Call(verb, first, count)).Array[1, 120];

    [Fact]
    public void Runs_agree_with_an_array_of_counts() => s_calls.Sample(
        calls =>
        {
            RunMap map = new();
            List<long> states = [];
            foreach (var call in calls)
            {
                Apply(map, states, call);
                AssertEqual(map, states);
            }
        },
        iter: 2000);

    [Fact]
    public void Many_runs_keep_their_order_through_splits_and_merges_of_chunks() => Gen.Int[0, 5000].Array[3000, 6000].Sample(
        picks =>
        {
            RunMap map = new();
            map.Append(1, 5001);
            long[] states = [.. Enumerable.Repeat(Run.OneOwner, 5001)];
            foreach (var pick in picks)
            {
                if (states[pick] > 0)
                {
                    var step = pick % 3 == 0 ? -Run.OwnerStep : Run.OwnerStep;
                    map.Adjust(1 + pick, 1, step);
                    states[pick] += step;
                }
            }

            AssertEqual(map, states);
            for (var i = 0; i < states.Length; i++)
            {
                for (; states[i] > 0; states[i] -= Run.OwnerStep)
                {
                    map.Adjust(1 + i, 1, -Run.OwnerStep);
                }
            }

            Assert.Equal(0, map.Runs.Count);
        },
        iter: 20);

    [Fact]
    public void A_range_of_equal_blocks_is_one_run_however_it_was_shared()
    {
        RunMap map = new();
        map.Append(1, 1000);
        for (long block = 1000; block > 0; block -= 2)
        {
            map.Adjust(block, 1, Run.OwnerStep);
        }

        Assert.Equal(1000, map.Runs.Count);
        for (long block = 1; block < 1000; block += 2)
        {
            map.Adjust(block, 1, Run.OwnerStep);
        }

        Assert.Equal(1, map.Runs.Count);
    }

    private static void Apply(RunMap map, List<long> states, Call call)
    {
        var first = states.Count == 0 ? 0 : call.First % states.Count;
        var count = Math.Min(call.Count, states.Count - first);
        var alive = count > 0 && states.Skip(first).Take(count).All(state => state > 0);
        switch (call.Verb)
        {
            case Verb.Append:
                map.Append(1 + states.Count, call.Count);
                states.AddRange(Enumerable.Repeat(Run.OneOwner, call.Count));
                break;
            case Verb.Mark when alive:
                map.MarkMerged(1 + first);
                states[first] |= Run.MergedBit;
                break;
            case Verb.Share or Verb.Release when alive:
                var step = call.Verb == Verb.Share ? Run.OwnerStep : -Run.OwnerStep;
                map.Dead.Clear();
                map.Adjust(1 + first, count, step);
                List<long> died = [];
                for (var i = first; i < first + count; i++)
                {
                    states[i] += step;
                    if (states[i] < Run.OneOwner)
                    {
                        states[i] = 0;
                        died.Add(1 + i);
                    }
                }

                Assert.Equal(died, map.Dead.SelectMany(run => Enumerable.Range((int)run.First, (int)run.Count).Select(block => (long)block)));
                break;
        }
    }

    /// <summary>Each block's state is right, and the runs are the fewest that say so.</summary>
    private static void AssertEqual(RunMap map, IReadOnlyList<long> states)
    {
        var runs = 0;
        for (var i = 0; i < states.Count; i++)
        {
            Assert.Equal(states[i], map.StateOf(1 + i));
            runs += states[i] > 0 && (i == 0 || states[i - 1] != states[i]) ? 1 : 0;
        }

        Assert.Equal(0, map.StateOf(0));
        Assert.Equal(0, map.StateOf(1 + states.Count));
        Assert.Equal(runs, map.Runs.Count);
    }
}

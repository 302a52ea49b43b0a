
namespace Reflink.Tests.Measuring;

/// <summary>What this thread allocates while something is done many times.</summary>
internal static class Allocations
{
    private const int Batches = 5;

    /// <summary>
    /// Asserts that one of five batches of the same work allocates nothing. The runtime may allocate a few kilobytes of its own at
    /// any moment (7,936 bytes were seen), as when it compiles a method anew, but not in every batch; code that allocates does.
    /// </summary>
    /// <param name="batch">The work, already warm: many rounds of it, and the same each time.</param>
    public static void AssertNone(Action batch)
    {
        var fewest = long.MaxValue;
        for (var n = 0; n < Batches && fewest > 0; n++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            batch();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(fewest == 0, $"each of {Batches} batches allocated at least {fewest} bytes");
    }

    /// <summary>Asserts it of an action that is done a number of times in each batch, with the number of the round.</summary>
    public static void AssertNone(int rounds, Action<int> act) => AssertNone(() =>
    {
        for (var round = 0; round < rounds; round++)
        {
            act(round);
        }
    });
}

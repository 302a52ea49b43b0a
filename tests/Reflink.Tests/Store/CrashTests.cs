using Reflink.Fidelity.Crash;

namespace Reflink.Tests.Store;

/// <summary>A short piece of what <c>Reflink.Fidelity -- crash</c> does at length.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_crash_of_a_random_program_loses_or_mixes_a_sync(int seed)
    {
        var run = CrashRun.Of(seed, mostStates: 60);
        Assert.Empty(run.Failures);
        Assert.InRange(run.States, 100, 1000);
    }

    [Fact]
    public void No_crash_of_a_short_program_loses_or_mixes_a_sync()
    {
        foreach (var program in ShortPrograms.All().Where((_, n) => n % 37 == 0))
        {
            Assert.Empty(ShortPrograms.Run(program).Failures);
        }
    }
}

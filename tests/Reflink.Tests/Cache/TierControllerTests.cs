using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Mglru;

namespace Reflink.Tests.Cache;

/// <summary>The feedback loop of the multi-generational LRU with its numbers worked out by hand, from mm/vmscan.c.</summary>
public sealed class TierControllerTests
{
    private readonly TierController _controller = new();

    [Theory]
    [InlineData(142, 3)]
    [InlineData(143, 0)]
    public void A_tier_is_protected_when_its_pages_come_back_half_as_often_again_as_those_of_the_first(int refaults, int highest)
    {
        // 142 * (1000 + 64) * 2 is 302,176 and 143 * (1000 + 64) * 2 is 304,304; (100 + 1) * 1000 * 3 is 303,000.
        Note(FolioKind.File, tier: 0, turns: 1000, refaults: 100);
        Note(FolioKind.File, tier: 1, turns: 1000, refaults);
        Assert.Equal(highest, _controller.HighestToEvict(FolioKind.File));
    }

    [Theory]
    [InlineData(63, 3)]
    [InlineData(64, 1)]
    public void Fewer_than_64_refaults_protect_no_tier(int refaults, int highest)
    {
        Note(FolioKind.File, tier: 2, turns: 64, refaults);
        Assert.Equal(highest, _controller.HighestToEvict(FolioKind.File));
    }

    [Fact]
    public void What_happened_in_a_generation_counts_half_when_it_ends_and_a_quarter_after_the_next()
    {
        Note(FolioKind.File, tier: 1, turns: 256, refaults: 255);
        _controller.CarryOver(FolioKind.File);
        Assert.Equal(0, _controller.HighestToEvict(FolioKind.File));
        _controller.CarryOver(FolioKind.File);
        Assert.Equal(3, _controller.HighestToEvict(FolioKind.File));
    }

    [Theory]
    [InlineData(0, FolioKind.File)]
    [InlineData(1, FolioKind.File)]
    [InlineData(60, FolioKind.File)]
    [InlineData(100, FolioKind.Anonymous)]
    [InlineData(199, FolioKind.Anonymous)]
    [InlineData(200, FolioKind.Anonymous)]
    public void The_kind_that_is_evicted_depends_on_refaults_weighted_by_swappiness(int swappiness, FolioKind kind)
    {
        // Pages of files come back twice as often as anonymous pages.
        Note(FolioKind.Anonymous, tier: 0, turns: 1000, refaults: 100);
        Note(FolioKind.File, tier: 0, turns: 1000, refaults: 200);
        Assert.Equal(kind, _controller.Choose(swappiness));
    }

    private void Note(FolioKind kind, int tier, int turns, int refaults)
    {
        _controller.NoteTurn(kind, tier, turns);
        _controller.NoteRefault(kind, tier, refaults);
    }
}

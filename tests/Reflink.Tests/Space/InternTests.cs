using Reflink.Space;
using Reflink.Units;

namespace Reflink.Tests.Space;

/// <summary>One block a recipe and domain; who owns what.</summary>
public sealed class InternTests
{
    private readonly ChangeCounter _changes = new();
    private readonly BlockSpace _space;
    private readonly BlockNumber _root;

    public InternTests()
    {
        _space = new BlockSpace(100, _changes);
        _root = _space.Allocate(BlockKind.Stored, 2);
    }

    [Fact]
    public void Equal_recipes_of_one_domain_are_one_block()
    {
        var a = _space.Intern(0, Patch(_root, 1));
        var b = _space.Intern(0, Patch(_root, 1));
        var otherBytes = _space.Intern(0, Patch(_root, 2));
        var otherDomain = _space.Intern(1, Patch(_root, 1));
        Assert.Equal(a, b);
        Assert.Equal(3, new HashSet<BlockNumber> { a, otherBytes, otherDomain }.Count);
        Assert.Equal((2, 1, 1), (_space.Owners(a), _space.Owners(otherBytes), _space.Owners(otherDomain)));
        Assert.Equal(4, _space.Owners(_root));
        Assert.Equal(Patch(_root, 1), _space.RecipeOf(a));
        Assert.Empty(_space.Check());
    }

    [Fact]
    public void Finding_a_recipe_adds_no_owner()
    {
        Assert.False(_space.TryFind(0, Patch(_root, 1), out _));
        var made = _space.Intern(0, Patch(_root, 1));
        Assert.True(_space.TryFind(0, Patch(_root, 1), out var found));
        Assert.Equal(made, found);
        Assert.Equal(1, _space.Owners(made));
    }

    [Fact]
    public void The_copy_of_a_whole_block_is_that_block()
    {
        var whole = new RecipeBuilder().Copy(_root, 0, Page.Size).Build();
        Assert.Equal(_root, _space.Intern(0, whole));
        Assert.Equal(2, _space.Owners(_root));
        Assert.Equal(0, _space.Live(BlockKind.Derived));
    }

    [Fact]
    public void All_zeroes_is_block_0()
    {
        Assert.Equal(BlockNumber.Zero, _space.Intern(0, new RecipeBuilder().Zero(Page.Size).Build()));
        Assert.Equal(0, _space.Live(BlockKind.Derived));
    }

    [Fact]
    public void A_derived_block_is_never_exclusive() => Assert.False(_space.IsExclusive(_space.Intern(0, Patch(_root, 1))));

    [Fact]
    public void A_recipe_keeps_its_roots_alive_and_its_death_lets_them_go()
    {
        var derived = _space.Intern(0, TwoRoots());
        _space.Release(_root, 2);
        Assert.Equal((1, 1), (_space.Owners(_root), _space.Owners(_root + 1)));
        Assert.False(_space.TryTakeFreed(out _, out _));

        _space.Release(derived, 1);
        Assert.Equal((0, 0, 0), (_space.Owners(derived), _space.Owners(_root), _space.Owners(_root + 1)));
        Assert.True(_space.TryTakeFreed(out var first, out var count));
        Assert.Equal((derived, 1), (first, count));
        Assert.True(_space.TryTakeFreed(out first, out count));
        Assert.Equal((_root, 2), (first, count));
        Assert.False(_space.TryFind(0, TwoRoots(), out _));
        Assert.Empty(_space.Check());
    }

    [Fact]
    public void A_run_of_derived_blocks_dies_in_one_call()
    {
        var first = _space.Intern(0, Patch(_root, 1));
        for (byte value = 2; value <= 50; value++)
        {
            _space.Intern(0, Patch(_root, value));
        }

        Assert.Equal(51, _space.Owners(_root));
        _space.Release(first, 50);
        Assert.Equal(1, _space.Owners(_root));
        Assert.Empty(_space.Recipes());
        Assert.Empty(_space.Check());
    }

    [Fact]
    public void A_recipe_that_comes_back_after_its_death_is_another_block()
    {
        var first = _space.Intern(0, Patch(_root, 1));
        _space.Release(first, 1);
        Assert.NotEqual(first, _space.Intern(0, Patch(_root, 1)));
    }

    [Fact]
    public void Without_its_rule_a_recipe_owns_nothing_and_releases_nothing()
    {
        _changes.Broken = Rule.RecipeOwnsRoots;
        var derived = _space.Intern(0, Patch(_root, 1));
        Assert.False(_space.OwnsRoots(derived));
        Assert.Equal(1, _space.Owners(_root));
        _changes.Broken = Rule.None;
        _space.Release(derived, 1);
        Assert.Equal(1, _space.Owners(_root));
    }

    [Fact]
    public void Recipes_are_listed_in_order_of_number()
    {
        var a = _space.Intern(3, Patch(_root, 1));
        var b = _space.Intern(2, Patch(_root, 1));
        Assert.Equal([new DerivedBlock(a, 3, Patch(_root, 1)), new DerivedBlock(b, 2, Patch(_root, 1))], _space.Recipes());
    }

    private static Recipe Patch(BlockNumber root, byte value) =>
        new RecipeBuilder().Copy(root, 0, 100).Data([value]).Copy(root, 101, Page.Size - 101).Build();

    private Recipe TwoRoots() => new RecipeBuilder().Copy(_root, 0, 2048).Copy(_root + 1, 2048, 2048).Build();
}

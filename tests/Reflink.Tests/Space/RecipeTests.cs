using CsCheck;
using Reflink.Space;
using Reflink.Units;

namespace Reflink.Tests.Space;

/// <summary>The one form of a recipe.</summary>
public sealed class RecipeTests
{
    private static readonly BlockNumber s_root = BlockNumber.Of(BlockKind.Stored, 7);
    private static readonly BlockNumber s_other = BlockNumber.Of(BlockKind.Anonymous, 3);

    [Fact]
    public void Copies_that_continue_each_other_are_one()
    {
        var recipe = new RecipeBuilder().Copy(s_root, 0, 100).Copy(s_root, 100, 0).Copy(s_root, 100, 3996).Build();
        Assert.True(recipe.IsWholeBlock(out var block));
        Assert.Equal(s_root, block);
    }

    [Fact]
    public void Copies_of_another_place_or_block_stay_apart()
    {
        var recipe = new RecipeBuilder().Copy(s_root, 0, 2000).Copy(s_root, 2001, 1000).Copy(s_other, 3001, 1000).Zero(96).Build();
        Assert.Equal(4, recipe.Pieces.Length);
        Assert.Equal([s_root, s_other], recipe.Roots.AsEnumerable());
        Assert.False(recipe.IsWholeBlock(out _));
    }

    [Fact]
    public void All_zeroes_is_zero_however_it_was_said()
    {
        var recipe = new RecipeBuilder().Zero(96).Data(new byte[1000]).Copy(BlockNumber.Zero, 5, 3000).Build();
        Assert.True(recipe.IsZero);
        Assert.Empty(recipe.Roots);
    }

    [Fact]
    public void A_short_patch_of_zeroes_between_copies_is_zero()
    {
        var recipe = new RecipeBuilder().Copy(s_root, 0, 8).Data([0, 0]).Copy(s_root, 10, 4086).Build();
        Assert.Equal([PieceKind.Copy, PieceKind.Zero, PieceKind.Copy], recipe.Pieces.Select(piece => piece.Kind));
    }

    [Fact]
    public void Short_zeroes_stay_in_the_data_and_long_ones_do_not()
    {
        var bytes = new byte[40];
        bytes[0] = bytes[10] = bytes[39] = 1;
        var recipe = new RecipeBuilder().Copy(s_root, 0, 4056).Data(bytes).Build();
        Assert.Equal(["s7[0,4056)", "data 0100000000000000000001", "zero 28", "data 01"], recipe.Pieces.Select(piece => piece.ToString()));
    }

    [Fact]
    public void A_derived_source_is_a_broken_rule() =>
        Assert.Throws<InvariantException>(() => new RecipeBuilder().Copy(BlockNumber.Of(BlockKind.Derived, 1), 0, 1));

    [Fact]
    public void A_page_too_long_or_too_short_is_a_broken_rule()
    {
        Assert.Throws<InvariantException>(() => new RecipeBuilder().Zero(4000).Data(new byte[97]));
        Assert.Throws<InvariantException>(() => new RecipeBuilder().Zero(4000).Build());
    }

    /// <summary>A page is described in segments of 8 bytes, each a copy of the byte's own place, of another, zero or data.</summary>
    private static readonly Gen<int[]> s_pages = Gen.OneOf(Gen.Int[0, 5], Gen.Const(0), Gen.Const(1)).Array[Page.Size / 8];

    [Fact]
    public void Equal_pages_have_equal_recipes_however_they_were_cut() => Gen.Select(s_pages, Gen.Int[1, 40], Gen.Int[1, 40]).Sample(
        (page, stepA, stepB) =>
        {
            var a = Build(page, stepA);
            var b = Build(page, stepB);
            Assert.Equal(a, b);
            Assert.Equal(a.GetHashCode(), b.GetHashCode());
            AssertNormal(a);
        },
        iter: 500);

    [Fact]
    public void Different_pages_have_different_recipes() => Gen.Select(s_pages, Gen.Int[0, (Page.Size / 8) - 1], Gen.Int[1, 5]).Sample(
        (page, at, change) =>
        {
            int[] changed = [.. page];
            changed[at] = (changed[at] + change) % 6;
            var zeroesBoth = page[at] is 1 or 2 && changed[at] is 1 or 2;
            Assert.Equal(zeroesBoth, Build(page, 1).Equals(Build(changed, 1)));
        },
        iter: 500);

    [Fact]
    public void A_slice_of_a_recipe_folds_in() => Gen.Select(s_pages, Gen.Int[0, Page.Size], Gen.Int[0, Page.Size]).Sample(
        (page, x, y) =>
        {
            var whole = Build(page, 3);
            (var from, var to) = (Math.Min(x, y), Math.Max(x, y));
            var again = new RecipeBuilder().Slice(whole, 0, from).Slice(whole, from, to - from).Slice(whole, to, Page.Size - to).Build();
            Assert.Equal(whole, again);
        },
        iter: 500);

    /// <summary>Describes the page in calls of <paramref name="step"/> bytes, so that calls and segments do not meet.</summary>
    private static Recipe Build(int[] page, int step)
    {
        RecipeBuilder builder = new();
        for (var at = 0; at < Page.Size;)
        {
            var take = Math.Min(step, 8 - (at % 8));
            _ = page[at / 8] switch
            {
                0 => builder.Copy(s_root, at, take),
                1 => builder.Zero(take),
                2 => builder.Data(new byte[take]),
                3 => builder.Copy(s_other, 4088 - at + (at % 8 * 2), take),
                _ => builder.Data(Enumerable.Repeat((byte)page[at / 8], take).ToArray()),
            };
            at += take;
        }

        return builder.Build();
    }

    private static void AssertNormal(Recipe recipe)
    {
        Assert.Equal(Page.Size, recipe.Pieces.Sum(piece => piece.Length));
        foreach ((var left, var right) in recipe.Pieces.Zip(recipe.Pieces.Skip(1)))
        {
            Assert.True(left.Kind != right.Kind || left.Kind == PieceKind.Copy);
            Assert.False(left.Kind == PieceKind.Copy && left.Source == right.Source && left.Offset + left.Length == right.Offset);
        }
    }
}

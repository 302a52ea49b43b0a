namespace Reflink.Space;

/// <content>Derived blocks: one recipe, one block.</content>
internal sealed partial class BlockSpace
{
    private readonly RecipeTable _recipes = new();

    /// <summary>
    /// The block of a recipe in a sharing domain, with one owner more: the caller. A recipe that copies one whole block is that
    /// block, one that is all zeroes is block 0, and a new one owns its roots as an extent does.
    /// </summary>
    public BlockNumber Intern(int domain, Recipe recipe)
    {
        if (TryFind(domain, recipe, out var block))
        {
            Share(block, 1);
            return block;
        }

        var ownsRoots = _changes.Follows(Rule.RecipeOwnsRoots);
        if (ownsRoots)
        {
            foreach (var root in recipe.Roots)
            {
                Share(root, 1);
            }
        }

        block = Append(BlockKind.Derived, 1);
        _recipes.Add(block, new(domain, recipe, ownsRoots));
        return block;
    }

    /// <summary>Makes room for so many recipes at once: growing step by step would copy all of them again and again.</summary>
    public void ExpectRecipes(int count) => _recipes.Expect(count);

    /// <summary>The block of a recipe in a sharing domain, if it has one. No owner is added.</summary>
    public bool TryFind(int domain, Recipe recipe, out BlockNumber block)
    {
        if (recipe.IsZero)
        {
            block = BlockNumber.Zero;
            return true;
        }

        return recipe.IsWholeBlock(out block) || _recipes.TryFind(domain, recipe, out block);
    }

    /// <summary>The recipe of a live derived block.</summary>
    public Recipe RecipeOf(BlockNumber derived)
    {
        var alive = _recipes.TryGet(derived, out var entry);
        Invariant.Check(alive);
        return entry.Recipe;
    }

    private void ForgetRecipe(BlockNumber derived)
    {
        var entry = _recipes.Remove(derived);
        if (entry.OwnsRoots)
        {
            foreach (var root in entry.Recipe.Roots)
            {
                Release(root, 1);
            }
        }
    }
}

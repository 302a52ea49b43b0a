namespace Reflink.Files.Derived;

/// <summary>
/// What a derived inode is made of: the root inode and its version, and which derived block stands at which page. Recipes are
/// interned, so equal blocks are equal recipes.
/// </summary>
internal sealed class DerivedKey(RootVersion root, IReadOnlyList<(PageIndex Page, BlockNumber Block)> pages) : IEquatable<DerivedKey>
{
    public RootVersion Root { get; } = root;

    public IReadOnlyList<(PageIndex Page, BlockNumber Block)> Pages { get; } = pages;

    public bool Equals(DerivedKey? other) => other is not null && Root == other.Root && Pages.SequenceEqual(other.Pages);

    public override bool Equals(object? obj) => Equals(obj as DerivedKey);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Root);
        foreach (var page in Pages)
        {
            hash.Add(page);
        }

        return hash.ToHashCode();
    }
}

using Reflink.Space;

namespace Reflink.Files.Pages;

/// <summary>
/// Describes a page as a block with some bytes replaced, in the one form that equal pages have: bytes equal to the block's
/// are dropped, runs joined, a derived block folded into what it was made from. Replacements come in ascending order.
/// </summary>
internal sealed class PatchedPage(BlockSpace space)
{
    private readonly RecipeBuilder _builder = new();
    private BlockNumber _root;
    private int _at;

    /// <summary>Begins a page that is that block so far.</summary>
    public void Begin(BlockNumber root) => (_root, _at) = (root, 0);

    /// <summary>Replaces bytes of the block.</summary>
    /// <param name="offset">Where in the page; not before the end of the last replacement.</param>
    /// <param name="old">What the block has there.</param>
    /// <param name="new">What the page has there; as long.</param>
    public void Replace(int offset, ReadOnlySpan<byte> old, ReadOnlySpan<byte> @new)
    {
        for (var i = 0; i < old.Length;)
        {
            i += old[i..].CommonPrefixLength(@new[i..]);
            var run = 0;
            while (i + run < old.Length && old[i + run] != @new[i + run])
            {
                run++;
            }

            if (run > 0)
            {
                KeepUpTo(offset + i);
                _builder.Data(@new.Slice(i, run));
                _at += run;
                i += run;
            }
        }
    }

    /// <summary>The page's recipe.</summary>
    public Recipe Build()
    {
        KeepUpTo(Page.Size);
        return _builder.Build();
    }

    private void KeepUpTo(int offset)
    {
        Invariant.Check(offset >= _at);
        _builder.Bytes(space, _root, _at, offset - _at);
        _at = offset;
    }
}

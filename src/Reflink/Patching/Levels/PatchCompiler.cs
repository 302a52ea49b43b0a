using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Patching.Sets;
using Reflink.Space;

namespace Reflink.Patching.Levels;

/// <summary>Turns a patch set into derived blocks: one recipe for each page of the file that it changes.</summary>
internal sealed class PatchCompiler(BlockSpace space)
{
    private readonly PatchedPage _page = new(space);

    /// <summary>The pages that change and their derived blocks. The caller becomes an owner of each block.</summary>
    /// <param name="set">A set whose old bytes are those of the file.</param>
    /// <param name="file">The file.</param>
    /// <param name="domain">The sharing domain within which equal blocks are one.</param>
    public List<(PageIndex Page, BlockNumber Block)> Compile(PatchSet set, Inode file, int domain)
    {
        var pages = new List<(PageIndex Page, BlockNumber Block)>();
        for (var next = new PatchCursor(set); !next.IsAtEnd;)
        {
            var page = next.Page;
            _ = file.Map.TryFindBlock(page, out var root);
            _page.Begin(root);
            for (; !next.IsAtEnd && next.Page == page; next.Advance())
            {
                _page.Replace(next.OffsetInPage, next.Old, next.New);
            }

            pages.Add((page, space.Intern(domain, _page.Build())));
        }

        return pages;
    }
}

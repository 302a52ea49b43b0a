using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Patching.Sets;
using Reflink.Space;

namespace Reflink.Patching.Levels;

/// <summary>Turns a patch set into derived blocks: one recipe for each page of the file that it changes.</summary>
internal sealed class PatchCompiler(BlockSpace space)
{
    private readonly PatchedPage _page = new(space);

    /// <summary>The pages of a file that differ where a set lies over it, and their derived blocks. The caller becomes an owner of each block.</summary>
    /// <param name="set">A set whose old bytes are those of the file.</param>
    /// <param name="file">The file.</param>
    /// <param name="domain">The sharing domain within which equal blocks are one.</param>
    /// <param name="shown">The pages that differ where another set lies over the same file, in order: what is known already.</param>
    /// <param name="edits">The changes from that set to this one; only the pages that they touch are made anew.</param>
    /// <returns>The pages, and how many entries of the set lie in those that were made anew.</returns>
    public (List<(PageIndex Page, BlockNumber Block)> Pages, long Entries) Compile(
        PatchSet set, Inode file, int domain, IReadOnlyList<(PageIndex Page, BlockNumber Block)> shown, PatchSet edits)
    {
        if (shown.Count > 0 && space.DomainOf(shown[0].Block) != domain)
        {
            // A fork left its parent's domain: none of its parent's pages can be kept.
            (shown, edits) = ([], set);
        }

        var touched = (int)edits.CountPages();
        space.ExpectRecipes(touched);
        var (pages, entries, kept) = (new List<(PageIndex Page, BlockNumber Block)>(shown.Count + touched), 0L, 0);
        var next = new PatchCursor(set);
        for (var changed = new PatchCursor(edits); !changed.IsAtEnd; changed.MoveTo(changed.Page + 1))
        {
            kept = Keep(shown, kept, changed.Page, pages);
            next.MoveTo(changed.Page);
            if (!next.IsAtEnd && next.Page == changed.Page)
            {
                pages.Add((changed.Page, Make(ref next, file, domain, ref entries)));
            }
        }

        _ = Keep(shown, kept, new PageIndex(long.MaxValue), pages);
        return (pages, entries);
    }

    // Keeps pages up to one that has changed; returns the first page behind that.
    private int Keep(IReadOnlyList<(PageIndex Page, BlockNumber Block)> shown, int kept, PageIndex changed, List<(PageIndex Page, BlockNumber Block)> pages)
    {
        for (; kept < shown.Count && shown[kept].Page < changed; kept++)
        {
            space.Share(shown[kept].Block, 1);
            pages.Add(shown[kept]);
        }

        return kept < shown.Count && shown[kept].Page == changed ? kept + 1 : kept;
    }

    private BlockNumber Make(ref PatchCursor next, Inode file, int domain, ref long entries)
    {
        var page = next.Page;
        _ = file.Map.TryFindBlock(page, out var root);
        _page.Begin(root);
        for (; !next.IsAtEnd && next.Page == page; next.Advance())
        {
            _page.Replace(next.OffsetInPage, next.Old, next.New);
            entries++;
        }

        return space.Intern(domain, _page.Build());
    }
}

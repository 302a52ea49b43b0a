using Reflink.Cache;
using Reflink.Files.Described;
using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Space;

namespace Reflink.Files;

/// <summary>
/// Gives an empty file the pages that a description says: those of a base are the base's blocks, zeroes are holes, wholly new ones are
/// written, and the others are derived blocks, whose bytes are made when they are first touched. The work is in proportion to the pieces.
/// </summary>
internal sealed class FileMaker(BlockSpace space, Metadata metadata, Ledger ledger, CopyOnWrite pages, FileData data)
{
    // The sharing domain of all of the machine: equal recipes of a patch are the same blocks.
    private const int Domain = 0;

    /// <summary>Fills the file. After a failure the caller removes it; nothing else has changed.</summary>
    /// <exception cref="ReflinkException">ENOSPC: there is no room for the pages that are wholly new. ENOMEM, EIO.</exception>
    public void Fill(Inode target, ChangeDescription description, IReadOnlyList<Inode> bases, GroupId group)
    {
        var plan = FilePlan.Of(description);
        foreach (var file in bases.Distinct())
        {
            ledger.Prepare(file, PageRange.All);
        }

        List<(PageIndex Page, BlockNumber Block)> derived = [];
        List<(PageRange Range, Recipe? Recipe)> written = [];
        try
        {
            Sort(plan, description, bases, derived, written);
            Reserve(target, written.Sum(w => w.Range.Length));
            Share(target, plan, bases, derived);
            data.Resize(target, description.Size);
            ledger.Derive(target, bases, derived);
            derived.Clear();
        }
        finally
        {
            foreach (var (_, block) in derived)
            {
                ledger.Release(block);
            }
        }

        var given = description.Result([]);
        foreach (var (range, recipe) in written)
        {
            for (var page = range.Start; page < range.End; page += 1)
            {
                var frame = pages.GetForWrite(target, new PageUse(target.Number, page, AccessKind.Write, group), PageContent.Overwrite);
                if (recipe is null)
                {
                    given.Read(page.Offset, data.WritableBytesOf(frame));
                }
                else
                {
                    recipe.WriteLiteral(data.WritableBytesOf(frame));
                }
            }
        }
    }

    // A recipe without roots is a page that is wholly new: what it copies from a base are holes of that.
    private void Sort(
        IEnumerable<PlannedPages> plan, ChangeDescription description, IReadOnlyList<Inode> bases,
        List<(PageIndex Page, BlockNumber Block)> derived, List<(PageRange Range, Recipe? Recipe)> written)
    {
        var recipes = new PageRecipes(description, bases, space);

        // A page that is changed has two pieces at least.
        space.ExpectRecipes(description.Count / 2);
        foreach (var part in plan)
        {
            if (part.Kind == PlanKind.Written)
            {
                written.Add((part.Range, null));
            }
            else if (part.Kind == PlanKind.Mixed)
            {
                var recipe = recipes.Of(part.Range.Start);
                if (recipe.IsZero)
                {
                    // A hole.
                }
                else if (recipe.Roots.IsEmpty)
                {
                    written.Add((part.Range, recipe));
                }
                else
                {
                    derived.Add((part.Range.Start, space.Intern(Domain, recipe)));
                }
            }
        }
    }

    private void Reserve(Inode target, long blocks)
    {
        if (blocks > 0 && !metadata.HasSpace(blocks) && !metadata.MakeSpace(blocks))
        {
            throw new ReflinkException(
                Errno.ENOSPC, $"the description gives {blocks} whole pages, more than the volume has free; delete something or give the volume more capacity");
        }

        Invariant.Check(target.Map.IsEmpty);
    }

    // Where most of a base stays in place, the file begins as its clone, in constant time.
    private void Share(Inode target, IEnumerable<PlannedPages> plan, IReadOnlyList<Inode> bases, List<(PageIndex Page, BlockNumber Block)> derived)
    {
        var cloned = MostlyInPlace(plan, bases);
        if (cloned >= 0)
        {
            ledger.Share(bases[cloned], target);
        }

        var (end, nextDerived) = (default(PageIndex), 0);
        foreach (var part in plan)
        {
            end = part.Range.End;
            if (nextDerived < derived.Count && derived[nextDerived].Page == part.Range.Start)
            {
                // It gets its own block over the base's at once.
                nextDerived++;
                continue;
            }

            if (part.Kind == PlanKind.Shared && !(part.Base == cloned && part.From == part.Range.Start))
            {
                ledger.Share(bases[part.Base], new PageRange(part.From, part.Range.Length), target, part.Range.Start);
            }
            else if (part.Kind != PlanKind.Shared && cloned >= 0)
            {
                ledger.Unmap(target, part.Range);
            }
        }

        if (target.Map.NextMapped(end) is not null)
        {
            ledger.Unmap(target, PageRange.Between(end, PageRange.All.End));
        }
    }

    private static int MostlyInPlace(IEnumerable<PlannedPages> plan, IReadOnlyList<Inode> bases)
    {
        var inPlace = new long[bases.Count];
        foreach (var part in plan)
        {
            if (part.Kind == PlanKind.Shared && part.From == part.Range.Start)
            {
                inPlace[part.Base] += part.Range.Length;
            }
        }

        var most = Array.IndexOf(inPlace, inPlace.DefaultIfEmpty().Max());
        return most >= 0 && 2 * inPlace[most] > bases[most].PageCount ? most : -1;
    }
}

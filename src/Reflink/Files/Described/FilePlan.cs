using Reflink.Descriptions.Pieces;

namespace Reflink.Files.Described;

/// <summary>Cuts a description into pages: runs of pages that are a base's, runs of zeroes, and between them single pages of several pieces.</summary>
internal static class FilePlan
{
    /// <summary>
    /// All pages of the file in order, found while they are gone through: going through them again is cheaper than the memory to keep
    /// them. The work is in proportion to the pieces and the mixed pages, not to the size.
    /// </summary>
    public static IEnumerable<PlannedPages> Of(ChangeDescription description)
    {
        var page = default(PageIndex);
        for (var i = 0; i < description.Count;)
        {
            var piece = description[i];
            if (piece.End <= page.Offset)
            {
                i++;
                continue;
            }

            var next = WholePages(description, piece, page);
            page = next.Range.End;
            yield return next;
        }
    }

    private static PlannedPages WholePages(ChangeDescription description, in ChangePiece piece, PageIndex page)
    {
        // The last page is whole if nothing is behind it in the file, nor in the base.
        var behind = piece.End - page.Offset;
        if (piece.Start <= page.Offset && piece.Kind == ChangePieceKind.Hole)
        {
            return new(PlanKind.Hole, new PageRange(page, Page.CountFor(behind)), 0, default);
        }

        var from = piece.Offset + (page.Offset - piece.Start);
        if (piece.Start <= page.Offset && piece.Kind == ChangePieceKind.Copy && (from & (Page.Size - 1)) == 0)
        {
            var isEnd = piece.End == description.Size && piece.Offset + piece.Length == description.Bases[piece.Base].Size;
            var pages = isEnd ? Page.CountFor(behind) : behind >> Page.Shift;
            if (pages > 0)
            {
                return new(PlanKind.Shared, new PageRange(page, pages), piece.Base, PageIndex.Of(from));
            }
        }

        if (piece.Start <= page.Offset && piece.Kind is ChangePieceKind.Data or ChangePieceKind.Fill && behind >= Page.Size)
        {
            return new(PlanKind.Written, new PageRange(page, behind >> Page.Shift), 0, default);
        }

        return new(PlanKind.Mixed, new PageRange(page, 1), 0, default);
    }
}

using System.Text;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>What patches make of one page: equal for equal pages. It is found from the patches alone, without the bytes around them.</summary>
/// <param name="Page">The page of the file.</param>
/// <param name="Edits">The changed bytes, each as its offset in the page and its new value.</param>
internal readonly record struct PageVersion(PageIndex Page, string Edits)
{
    /// <summary>The versions that a set makes, by page; a page of which it replaces bytes by equal ones only is not among them.</summary>
    public static IReadOnlyList<PageVersion> Of(PatchSet set)
    {
        var versions = new List<PageVersion>();
        var edits = new StringBuilder();
        var page = default(PageIndex);
        for (var i = 0; i < set.Count; i++)
        {
            for (var b = 0; b < set.New(i).Length; b++)
            {
                if (set.Old(i)[b] == set.New(i)[b])
                {
                    continue;
                }

                var at = set.Offset(i) + b;
                if (PageIndex.Of(at) != page)
                {
                    Add(versions, page, edits);
                    page = PageIndex.Of(at);
                }

                edits.Append((char)(at - page.Offset)).Append((char)set.New(i)[b]);
            }
        }

        Add(versions, page, edits);
        return versions;
    }

    private static void Add(List<PageVersion> versions, PageIndex page, StringBuilder edits)
    {
        if (edits.Length > 0)
        {
            versions.Add(new PageVersion(page, edits.ToString()));
            edits.Clear();
        }
    }
}

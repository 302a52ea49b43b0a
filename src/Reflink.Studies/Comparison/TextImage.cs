using Reflink.Elf;
using Reflink.Patching;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>The text that one executable segment maps: its pages, the patches in them, and flat copies without and with them.</summary>
public sealed class TextImage
{
    internal TextImage(ElfFile elf, FileRange range, PatchSet all)
    {
        Pages = range.Pages;
        Patches = Within(all);
        PatchedPages = Patches.CountPages();

        // A mapping shows zeroes behind the end of the file, in its last page.
        Original = new byte[Pages.Length << Page.Shift];
        elf.Read(Pages.Start.Offset, (int)Math.Min(Original.Length, elf.Size - Pages.Start.Offset)).CopyTo(Original);
        Patched = [.. Original];
        for (var i = 0; i < Patches.Count; i++)
        {
            Patches.New(i).CopyTo(Patched.AsSpan((int)(Patches.Offset(i) - Pages.Start.Offset)));
        }
    }

    /// <summary>The pages of the file.</summary>
    public PageRange Pages { get; }

    /// <summary>The patches that lie in them.</summary>
    public PatchSet Patches { get; }

    /// <summary>How many of the pages they touch.</summary>
    public long PatchedPages { get; }

    /// <summary>Bytes of a mapping.</summary>
    public long Length => Original.Length;

    internal byte[] Original { get; }

    internal byte[] Patched { get; }

    /// <summary>Whether a frame that shows at a page holds all patched bytes of the page.</summary>
    internal bool HoldsPatches(PageIndex page, ReadOnlySpan<byte> frame)
    {
        var at = (int)(page - Pages.Start) << Page.Shift;
        var patched = Patched.AsSpan(at, Page.Size);
        return !patched.SequenceEqual(Original.AsSpan(at, Page.Size)) && frame.SequenceEqual(patched);
    }

    // Two segments may meet in one page, which then shows the patches of both in both mappings.
    private PatchSet Within(PatchSet all)
    {
        var (start, end) = (Pages.Start.Offset, Pages.End.Offset);
        if (PatchChecker.IsWithin(all, start, end))
        {
            return all;
        }

        var builder = new PatchSetBuilder(all.Target);
        for (var i = 0; i < all.Count; i++)
        {
            var (from, to) = (Math.Max(start, all.Offset(i)), Math.Min(end, all[i].End));
            if (from < to)
            {
                var part = (int)(from - all.Offset(i))..(int)(to - all.Offset(i));
                builder.Add(from, all.Old(i)[part], all.New(i)[part], all.Name(i));
            }
        }

        return builder.Build();
    }
}

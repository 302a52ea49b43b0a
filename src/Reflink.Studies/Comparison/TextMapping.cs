using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Comparison;

/// <summary>The text of one executable segment, mapped private and r-x by one process.</summary>
public sealed class TextMapping
{
    internal TextMapping(Process process, FlatCopy text, Volume volume, string path)
    {
        (Process, Text) = (process, text);
        Address = Map(volume, path, text.Pages.Start.Offset, text.Length, 0);
    }

    /// <summary>Whose mapping.</summary>
    public Process Process { get; }

    /// <summary>What is mapped, and the patches of the process in it.</summary>
    public FlatCopy Text { get; }

    /// <summary>Where.</summary>
    public long Address { get; }

    /// <summary>Maps the same pages of another file in the place of this one (MAP_FIXED).</summary>
    public void MapOver(Volume volume, string path) => Map(volume, path, Text.Pages.Start.Offset, Text.Length, Address);

    /// <summary>Maps part of another file in the place of some pages of the text, those among them that this mapping has.</summary>
    /// <param name="volume">The volume of the other file.</param>
    /// <param name="path">The other file.</param>
    /// <param name="pages">Pages of the binary.</param>
    /// <param name="offset">Where in the other file they begin.</param>
    public void MapOver(Volume volume, string path, PageRange pages, long offset)
    {
        var own = pages.Intersect(Text.Pages);
        if (!own.IsEmpty)
        {
            var skipped = (own.Start - pages.Start) << Page.Shift;
            var at = Address + ((own.Start - Text.Pages.Start) << Page.Shift);
            Map(volume, path, offset + skipped, own.Length << Page.Shift, at);
        }
    }

    private long Map(Volume volume, string path, long offset, long length, long address)
    {
        using var file = volume.Open(path);
        return Process.Memory.Map(file, offset, length, Protection.ReadExecute, address: address);
    }
}

using Reflink.Files;
using Reflink.Vm;

namespace Reflink.Studies.Comparison;

/// <summary>The text of one executable segment, mapped private and r-x by one process.</summary>
public sealed class TextMapping
{
    internal TextMapping(Process process, TextImage text, Volume volume, string path)
    {
        (Process, Text) = (process, text);
        Address = Map(volume, path, 0);
    }

    /// <summary>Whose mapping.</summary>
    public Process Process { get; }

    /// <summary>What is mapped.</summary>
    public TextImage Text { get; }

    /// <summary>Where.</summary>
    public long Address { get; }

    /// <summary>Maps the same pages of another file in the place of this one (MAP_FIXED).</summary>
    public void MapOver(Volume volume, string path) => Map(volume, path, Address);

    private long Map(Volume volume, string path, long address)
    {
        using var file = volume.Open(path);
        return Process.Memory.Map(file, Text.Pages.Start.Offset, Text.Length, Protection.ReadExecute, address: address);
    }
}

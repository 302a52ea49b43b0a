using Reflink.Cache;

namespace Reflink.Vm;

/// <summary>How many page-table entries lead to each frame just now, over all processes: the kernel's _mapcount, counted anew.</summary>
internal sealed class MapCounts
{
    private readonly int[] _counts;

    /// <summary>Walks every mapping of every process.</summary>
    public MapCounts(ProcessTable processes, PageCache cache)
    {
        _counts = new int[cache.HighWater];
        foreach (var process in processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                foreach (var (_, frame) in process.Memory.Present(vma))
                {
                    // The zero frame lies behind all others and has no count: any number of entries may lead to it.
                    if (frame != cache.Frames.Zero)
                    {
                        _counts[frame.Value]++;
                    }
                }
            }
        }
    }

    /// <summary>Entries that lead to the frame.</summary>
    public int this[FrameNumber frame] => _counts[frame.Value];
}

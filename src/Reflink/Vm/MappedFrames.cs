using System.Collections;
using Reflink.Cache;

namespace Reflink.Vm;

/// <summary>Finds the frames that processes map, by walking the page tables of all of them.</summary>
internal sealed class MappedFrames(ProcessTable processes, PageCache cache, FrameLocks locks) : IMappedFrames
{
    /// <inheritdoc/>
    public void Refresh() => locks.Refresh();

    /// <inheritdoc/>
    public BitArray Find()
    {
        var mapped = new BitArray(cache.HighWater);
        foreach (var process in processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                foreach (var (_, frame) in process.Memory.Present(vma))
                {
                    // The zero frame lies behind all others.
                    if (frame != cache.Frames.Zero)
                    {
                        mapped[frame.Value] = true;
                    }
                }
            }
        }

        return mapped;
    }
}

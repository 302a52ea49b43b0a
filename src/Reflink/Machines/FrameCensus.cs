using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>
/// The users of each frame at one moment: every frame that holds a block, and what leads to it. Walks all page tables once; it is
/// right until the machine does something.
/// </summary>
public sealed class FrameCensus
{
    private readonly Machine _machine;
    private readonly PageCache _cache;
    private readonly MapCounts _counts;

    /// <summary>Counts the frames of a machine.</summary>
    public FrameCensus(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machine = machine;
        _cache = machine.Cache;
        _counts = new MapCounts(machine.Processes, machine.Cache);
        Smaps = new Smaps(_cache, _counts, machine.Space.IsMerged);
    }

    /// <summary>The memory of processes in the terms of smaps, from the same count.</summary>
    public Smaps Smaps { get; }

    /// <summary>Every frame that holds a block, by number; the zero frame is not among them.</summary>
    public IEnumerable<FrameUse> Frames
    {
        get
        {
            for (var n = 0; n < _cache.HighWater; n++)
            {
                var frame = new FrameNumber(n);
                if (Use(frame) is { Block.IsZero: false } use)
                {
                    yield return use;
                }
            }
        }
    }

    /// <summary>The pages of a mapping that are mapped and in memory, with their frames: what /proc/pid/pagemap shows.</summary>
    public IEnumerable<(VirtualPage Page, FrameNumber Frame)> Pages(Process process, Vma vma)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(vma);
        return process.Memory.Present(vma);
    }

    /// <summary>The bytes of a frame, until the machine does something.</summary>
    public ReadOnlySpan<byte> Bytes(FrameNumber frame) => _cache.Frames.Bytes(frame);

    private FrameUse Use(FrameNumber number)
    {
        ref readonly var frame = ref _cache.Frames[number];
        var isDerived = frame.Block.Kind == BlockKind.Derived || (_cache.HasPageKeys
            && _machine.Inodes.TryFind(_cache.Frames.Label(number).Inode, out var inode) && inode.Type == InodeType.Derived);
        return new FrameUse(
            number, frame.Block, _cache.Frames.Label(number), isDerived, (frame.Flags & FrameFlags.Dirty) != 0, _counts[number])
        {
            IsMerged = _machine.Space.IsMerged(frame.Block),
        };
    }
}

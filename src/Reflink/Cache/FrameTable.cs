using System.Runtime.CompilerServices;
using Reflink.Cache.Memory;

namespace Reflink.Cache;

/// <summary>
/// Physical memory: the bytes and the state of every frame, in native memory that is only reserved until it is used. One
/// more frame than asked for, <see cref="Zero"/>, holds zeroes for ever.
/// </summary>
/// <remarks>
/// Use after disposal is a <see cref="NullReferenceException"/>: the regions are forgotten, so the check that the runtime
/// makes anyway stands between a late access and memory that is gone, and no access pays for another.
/// </remarks>
internal sealed unsafe class FrameTable : IDisposable
{
    /// <summary>A smaller machine could not hold what one operation leases and its page tables lean on.</summary>
    public const int MinFrames = 16;

    /// <summary>What fits a page-table entry's frame field, less the zero frame: 128 GiB.</summary>
    public const int MaxFrames = (1 << 25) - 1;

    // How many frames are made usable at once, so that the platform is not asked for every one.
    private const int Step = 256;

    private NativeRegion _frames;
    private NativeRegion _labels = null!;
    private NativeRegion _bytes = null!;
    private int _usable;

    /// <summary>Reserves memory of that many frames in the platform's way.</summary>
    public FrameTable(int count)
        : this(count, NativeMemories.Chosen)
    {
    }

    /// <summary>Reserves memory of that many frames in a given way.</summary>
    public FrameTable(int count, INativeMemory memory)
    {
        if (count is < MinFrames or > MaxFrames)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"a machine of {count} frames; give it {MinFrames * Page.Size / 1024} KiB to {MaxFrames / 262144} GiB of memory");
        }

        Count = count;
#if DEBUG
        Generations = new FrameGenerations(count);
#endif
        _frames = new NativeRegion((count + 1L) * sizeof(Frame), memory);
        try
        {
            _labels = new NativeRegion((count + 1L) * sizeof(PageLabel), memory);
            _bytes = new NativeRegion((count + 1L) * Page.Size, memory);
            Commit(count, 1);
        }
        catch (ReflinkException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many frames the machine has, the zero frame not among them.</summary>
    public int Count { get; }

    /// <summary>The frame of block 0: always clean, never listed, never written.</summary>
    public FrameNumber Zero => new(Count);

    /// <summary>Notices, in a build for debugging, a frame number that was kept for too long.</summary>
    public FrameGenerations Generations { get; }

    /// <summary>The state of a frame.</summary>
    public ref Frame this[FrameNumber frame]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref ((Frame*)_frames.Address)[frame.Value];
    }

    /// <summary>
    /// Whom the frame was first filled for; with <see cref="CacheKeying.Inode"/>, for files, the only page that it serves. Apart from
    /// the frame, since by block nobody reads it but policies and reports.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref PageLabel Label(FrameNumber frame) => ref ((PageLabel*)_labels.Address)[frame.Value];

    /// <summary>The <see cref="Page.Size"/> bytes of a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Bytes(FrameNumber frame)
    {
        Generations.Check(frame);
        return new(_bytes.Address + ((long)frame.Value << Page.Shift), Page.Size);
    }

    /// <summary>Whether memory is gone, with the machine that it was of.</summary>
    public bool IsOff => _bytes is null;

    /// <summary>Refuses to do anything for a machine that was switched off.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public void RequireOn()
    {
        if (IsOff)
        {
            throw new ObjectDisposedException("Machine", "The machine was switched off, and all that was in its memory is gone; make another.");
        }
    }

    /// <summary>Makes a frame usable that never was used, and some behind it. Frames must be used in ascending order.</summary>
    /// <exception cref="ReflinkException">ENOMEM: this computer has no memory left.</exception>
    public void MakeUsable(FrameNumber frame)
    {
        if (frame.Value >= _usable)
        {
            var end = Math.Min(Count, Math.Max(frame.Value + Step, _usable + (_usable >> 1)));
            Commit(_usable, end - _usable);
            _usable = end;
        }
    }

    private void Commit(int first, int count)
    {
        _frames.Commit((long)first * sizeof(Frame), (long)count * sizeof(Frame));
        _labels.Commit((long)first * sizeof(PageLabel), (long)count * sizeof(PageLabel));
        _bytes.Commit((long)first << Page.Shift, (long)count << Page.Shift);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frames?.Dispose();
        _labels?.Dispose();
        _bytes?.Dispose();
        (_frames, _labels, _bytes) = (null!, null!, null!);
    }
}

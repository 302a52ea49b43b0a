using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reflink.Cache.Policies.Lists;

/// <summary>
/// What a policy remembers of each frame, in chunks by frame number, made when a frame is first known. One array that doubled
/// would hold twice what it needs just after it grew.
/// </summary>
/// <typeparam name="T">The record of a frame.</typeparam>
internal sealed class FrameStates<T>
    where T : unmanaged
{
    private const int ChunkShift = 9;
    private const int ChunkSize = 1 << ChunkShift;

    private T[][] _chunks = new T[1][];
    private int _count;

    /// <summary>The record of a frame that <see cref="Reach(FrameNumber)"/> was called for; of none is not checked.</summary>
    public ref T this[FrameNumber frame]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref At(frame.Value);
    }

    /// <summary>Makes room for a frame; its record is all zero bits at first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Reach(FrameNumber frame) => Reach(frame.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref T At(int at) => ref Unsafe.Add(
        ref MemoryMarshal.GetArrayDataReference(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_chunks), at >> ChunkShift)), at & (ChunkSize - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Reach(int at)
    {
        if (at >> ChunkShift >= _count)
        {
            Grow(at >> ChunkShift);
        }
    }

    private void Grow(int chunk)
    {
        while (chunk >= _count)
        {
            if (_count == _chunks.Length)
            {
                Array.Resize(ref _chunks, _count * 2);
            }

            _chunks[_count++] = new T[ChunkSize];
        }
    }
}

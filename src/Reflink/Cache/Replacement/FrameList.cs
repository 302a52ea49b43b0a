using System.Runtime.CompilerServices;
using Reflink.Units;

namespace Reflink.Cache.Replacement;

/// <summary>
/// A doubly linked list of frames, 8 bytes a frame number: links in chunks by frame number, no node objects. A list that doubled
/// one array would hold twice what it needs just after it grew.
/// </summary>
public sealed class FrameList
{
    private const int ChunkShift = 9;
    private const int ChunkSize = 1 << ChunkShift;

    // Position 0 is the list's own end; frame f is at f + 1.
    private Link[][] _chunks = [new Link[ChunkSize]];
    private int _chunkCount = 1;

    /// <summary>How many frames are in the list.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a frame in as the newest.</summary>
    public void AddNewest(FrameNumber frame)
    {
        var at = frame.Value + 1;
        while (at >> ChunkShift >= _chunkCount)
        {
            AddChunk();
        }

        ref var end = ref At(0);
        ref var link = ref At(at);
        (link.Older, link.Newer) = (end.Older, 0);
        At(end.Older).Newer = at;
        end.Older = at;
        Count++;
    }

    /// <summary>Takes a frame out.</summary>
    public void Remove(FrameNumber frame)
    {
        ref readonly var link = ref At(frame.Value + 1);
        At(link.Older).Newer = link.Newer;
        At(link.Newer).Older = link.Older;
        Count--;
    }

    /// <summary>Makes a frame of the list the newest.</summary>
    public void MoveToNewest(FrameNumber frame)
    {
        if (At(0).Older != frame.Value + 1)
        {
            Remove(frame);
            AddNewest(frame);
        }
    }

    /// <summary>Takes the oldest frame out, if there is one.</summary>
    public bool TryTakeOldest(out FrameNumber frame)
    {
        frame = new FrameNumber(At(0).Newer - 1);
        if (Count == 0)
        {
            return false;
        }

        Remove(frame);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Link At(int at) => ref _chunks[at >> ChunkShift][at & (ChunkSize - 1)];

    private void AddChunk()
    {
        if (_chunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunkCount * 2);
        }

        _chunks[_chunkCount++] = new Link[ChunkSize];
    }

    private struct Link
    {
        public int Newer;
        public int Older;
    }
}

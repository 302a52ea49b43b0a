namespace Reflink.Cache;

/// <summary>
/// Free frames: a last-in, first-out list of returned frames, then frames that were never used, in ascending order, so that little
/// memory is touched. The list runs through the frames themselves. Where memory has several nodes, its frames belong to them in
/// turn, and when a node has no free frame the next node is asked (the zone list, mm/page_alloc.c).
/// </summary>
internal sealed class FramePool(FrameTable frames, int nodes = 1)
{
    // For each node the frame that was returned last, plus one; 0 if the list is empty.
    private readonly int[] _returned = new int[nodes];

    // For each node, how many of its frames were used.
    private readonly int[] _used = new int[nodes];

    /// <summary>Frames from here on have never been used.</summary>
    public int HighWater { get; private set; }

    /// <summary>How many nodes memory has.</summary>
    public int Nodes => nodes;

    /// <summary>How many frames are free.</summary>
    public int Free { get; private set; } = frames.Count;

    public bool TryTake(int node, out FrameNumber frame)
    {
        for (var tried = 0; tried < nodes; tried++, node = node + 1 == nodes ? 0 : node + 1)
        {
            if (TryTakeOf(node, out frame))
            {
                Free--;
                return true;
            }
        }

        frame = default;
        return false;
    }

    public void Return(FrameNumber frame)
    {
        Free++;
        ref var returned = ref _returned[frame.Value % nodes];
        frames[frame].Next = returned;
        returned = frame.Value + 1;
    }

    private bool TryTakeOf(int node, out FrameNumber frame)
    {
        if (_returned[node] is var returned && returned != 0)
        {
            frame = new FrameNumber(returned - 1);
            _returned[node] = frames[frame].Next;
            return true;
        }

        frame = new FrameNumber(NextOf(node));
        if (frame.Value >= frames.Count)
        {
            return false;
        }

        frames.MakeUsable(frame);
        _used[node]++;
        HighWater = Math.Max(HighWater, frame.Value + 1);
        return true;
    }

    private int NextOf(int node) => (int)Math.Min((_used[node] * (long)nodes) + node, int.MaxValue);
}

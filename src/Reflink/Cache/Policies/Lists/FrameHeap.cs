namespace Reflink.Cache.Policies.Lists;

/// <summary>Frames by a number each, of which the least can be had: a binary heap that knows where each frame stands.</summary>
internal sealed class FrameHeap
{
    private readonly FrameStates<Node> _nodes = new();
    private readonly FrameStates<int> _heap = new();

    /// <summary>How many frames are in it.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a frame in.</summary>
    public void Add(FrameNumber frame, long rank)
    {
        _nodes.Reach(frame);
        _heap.Reach(Count);
        _nodes[frame].Rank = rank;
        Rise(frame.Value, Count++);
    }

    /// <summary>Gives a frame of the heap another number.</summary>
    public void Update(FrameNumber frame, long rank)
    {
        ref var node = ref _nodes[frame];
        var rises = rank < node.Rank;
        node.Rank = rank;
        if (rises)
        {
            Rise(frame.Value, node.At);
        }
        else
        {
            Sink(frame.Value, node.At);
        }
    }

    /// <summary>Takes a frame out.</summary>
    public void Remove(FrameNumber frame)
    {
        var (at, last) = (_nodes[frame].At, _heap.At(--Count));
        if (last != frame.Value)
        {
            Rise(last, at);
            Sink(last, _nodes.At(last).At);
        }
    }

    /// <summary>Takes out the frame with the least number, if there is one.</summary>
    public bool TryTakeLeast(out FrameNumber frame)
    {
        frame = default;
        if (Count == 0)
        {
            return false;
        }

        frame = new FrameNumber(_heap.At(0));
        Remove(frame);
        return true;
    }

    private void Rise(int frame, int at)
    {
        var rank = _nodes.At(frame).Rank;
        while (at > 0)
        {
            var parent = _heap.At((at - 1) / 2);
            if (_nodes.At(parent).Rank <= rank)
            {
                break;
            }

            Put(parent, at);
            at = (at - 1) / 2;
        }

        Put(frame, at);
    }

    private void Sink(int frame, int at)
    {
        var rank = _nodes.At(frame).Rank;
        for (int child; (child = (2 * at) + 1) < Count; at = child)
        {
            if (child + 1 < Count && _nodes.At(_heap.At(child + 1)).Rank < _nodes.At(_heap.At(child)).Rank)
            {
                child++;
            }

            if (rank <= _nodes.At(_heap.At(child)).Rank)
            {
                break;
            }

            Put(_heap.At(child), at);
        }

        Put(frame, at);
    }

    private void Put(int frame, int at) => (_heap.At(at), _nodes.At(frame).At) = (frame, at);

    private struct Node
    {
        public long Rank;
        public int At;
    }
}

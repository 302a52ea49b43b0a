namespace Reflink.Cache;

/// <summary>Frames whose bytes are on their way to the disk, in the order in which they arrive.</summary>
internal sealed class FramesInFlight
{
    private readonly Queue<(FrameNumber Frame, long Arrives)> _order = [];
    private readonly Dictionary<FrameNumber, long> _arrivals = [];

    /// <summary>How many there are.</summary>
    public int Count => _arrivals.Count;

    /// <summary>When the first arrives; null if there is none.</summary>
    public long? First => _order.TryPeek(out var first) ? first.Arrives : null;

    /// <summary>When the last arrives; null if there is none.</summary>
    public long? Last { get; private set; }

    /// <summary>A frame's bytes were given to the disk. Nothing arrives earlier than what was given before.</summary>
    public void Add(FrameNumber frame, long arrives)
    {
        _order.Enqueue((frame, arrives));
        _arrivals.Add(frame, arrives);
        Last = arrives;
    }

    /// <summary>When a frame's bytes arrive; null if they are not on their way.</summary>
    public long? ArrivalOf(FrameNumber frame) => _arrivals.TryGetValue(frame, out var arrives) ? arrives : null;

    /// <summary>A frame is waited for by itself, or is freed.</summary>
    public void Remove(FrameNumber frame)
    {
        _ = _arrivals.Remove(frame);
        SkipRemoved();
    }

    /// <summary>Takes the first frame out if its bytes have arrived.</summary>
    public bool TryTake(long now, out FrameNumber frame)
    {
        frame = default;
        if (First is not { } arrives || arrives > now)
        {
            return false;
        }

        frame = _order.Dequeue().Frame;
        _ = _arrivals.Remove(frame);
        SkipRemoved();
        return true;
    }

    private void SkipRemoved()
    {
        while (_order.TryPeek(out var first) && !(_arrivals.TryGetValue(first.Frame, out var arrives) && arrives == first.Arrives))
        {
            _ = _order.Dequeue();
        }

        Last = _order.Count == 0 ? null : Last;
    }
}

using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies;

/// <summary>
/// LIRS: pages with low inter-reference recency (LIR) keep nearly all of memory, the others (HIR) share a hundredth of it. Stack S has
/// the recency of all LIR pages and of the HIR pages used since the LIR page at its bottom, whether they are in memory or left; a HIR
/// page that is used while it is in S becomes LIR, and the LIR page at the bottom becomes HIR. Queue Q has the HIR pages in memory.
/// </summary>
/// <remarks>
/// Source: S. Jiang, X. Zhang, LIRS: an efficient low inter-reference recency set replacement policy, SIGMETRICS 2002.
/// Deviations: S remembers a bounded number of pages that left, the oldest of which is forgotten first. LIR pages leave when no HIR
/// page is there, which happens on a machine only.
/// </remarks>
internal sealed class LirsPolicy : IReplacementPolicy
{
    private readonly FrameList _stack = new();
    private readonly FrameList _queue;
    private readonly FrameList _left;
    private readonly KeyTable _leftByKey;
    private readonly FrameStates<Node> _nodes = new();

    // Pages in memory and pages that left are nodes alike; this is the node of a frame.
    private readonly FrameStates<int> _nodeOf = new();
    private readonly int _lirMost;
    private readonly int _leftMost;
    private int _lirCount;
    private int _free = -1;
    private int _used;

    /// <summary>Makes a policy that knows no frames yet.</summary>
    /// <param name="pages">Pages of memory.</param>
    public LirsPolicy(int pages)
    {
        var links = new FrameLinks();
        (_queue, _left) = (new FrameList(links), new FrameList(links));
        (_lirMost, _leftMost) = (pages - Math.Max(1, pages / 100), pages);
        _leftByKey = new KeyTable(_leftMost + 1);
    }

    [Flags]
    private enum State : byte
    {
        Hir = 0,
        Lir = 1,
        InStack = 2,
        Left = 4,
    }

    /// <inheritdoc/>
    public string Name => "lirs";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        var key = GhostList.KeyOf(label);
        var isBack = _leftByKey.Remove(key, out var at);
        if (isBack)
        {
            _left.Remove(new FrameNumber(at));
            _nodes.At(at).State &= ~State.Left;
        }
        else
        {
            at = TakeNode(key);
        }

        _nodeOf.Reach(folio.First);
        _nodeOf[folio.First] = at;
        _nodes.At(at).Frame = folio.First.Value;
        if (isBack)
        {
            BecomeLir(at);
            return Admission.Activated;
        }

        PutOnStack(at);
        if (_lirCount < _lirMost)
        {
            _nodes.At(at).State |= State.Lir;
            _lirCount++;
        }
        else
        {
            _queue.AddNewest(new FrameNumber(at));
        }

        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        var at = _nodeOf[frame];
        var state = _nodes.At(at).State;
        if ((state & State.Lir) != 0)
        {
            PutOnStack(at);
            Prune();
        }
        else if ((state & State.InStack) != 0)
        {
            _queue.Remove(new FrameNumber(at));
            BecomeLir(at);
        }
        else
        {
            PutOnStack(at);
            _queue.MoveToNewest(new FrameNumber(at));
        }
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame)
    {
        var at = _nodeOf[frame];
        var state = _nodes.At(at).State;
        if ((state & State.Lir) != 0)
        {
            _lirCount--;
        }
        else
        {
            _queue.Remove(new FrameNumber(at));
        }

        if ((state & State.InStack) != 0)
        {
            _stack.Remove(new FrameNumber(at));
        }

        FreeNode(at);
        Prune();
    }

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _queue.Count + _lirCount > 0)
        {
            if (!_queue.TryTakeOldest(out var node))
            {
                DemoteBottom();
                continue;
            }

            chosen[count++] = new FrameNumber(_nodes[node].Frame);
            if ((_nodes[node].State & State.InStack) == 0)
            {
                FreeNode(node.Value);
                continue;
            }

            _nodes[node].State |= State.Left;
            _leftByKey.Add(_nodes[node].Key, node.Value);
            _left.AddNewest(node);
            if (_left.Count > _leftMost && _left.TryPeekOldest(out var oldest))
            {
                _stack.Remove(oldest);
                Forget(oldest.Value);
            }
        }

        return count;
    }

    private void BecomeLir(int at)
    {
        PutOnStack(at);
        _nodes.At(at).State |= State.Lir;
        if (++_lirCount > _lirMost)
        {
            DemoteBottom();
        }
    }

    // The page at the bottom of S is LIR whenever there is one.
    private void DemoteBottom()
    {
        Prune();
        _stack.TryTakeOldest(out var bottom);
        Invariant.Check((_nodes[bottom].State & State.Lir) != 0);
        _nodes[bottom].State &= ~(State.Lir | State.InStack);
        _lirCount--;
        _queue.AddNewest(bottom);
        Prune();
    }

    private void Prune()
    {
        while (_stack.TryPeekOldest(out var bottom) && (_nodes[bottom].State & State.Lir) == 0)
        {
            _stack.Remove(bottom);
            _nodes[bottom].State &= ~State.InStack;
            if ((_nodes[bottom].State & State.Left) != 0)
            {
                Forget(bottom.Value);
            }
        }
    }

    private void Forget(int at)
    {
        _left.Remove(new FrameNumber(at));
        Invariant.Check(_leftByKey.Remove(_nodes.At(at).Key, out _));
        FreeNode(at);
    }

    private void PutOnStack(int at)
    {
        ref var state = ref _nodes.At(at).State;
        if ((state & State.InStack) != 0)
        {
            _stack.MoveToNewest(new FrameNumber(at));
        }
        else
        {
            state |= State.InStack;
            _stack.AddNewest(new FrameNumber(at));
        }
    }

    private int TakeNode(ulong key)
    {
        var at = _free >= 0 ? _free : _used++;
        _nodes.Reach(at);
        if (at == _free)
        {
            _free = _nodes.At(at).Frame;
        }

        _nodes.At(at) = new Node { Key = key };
        return at;
    }

    private void FreeNode(int at) => (_nodes.At(at).Frame, _free) = (_free, at);

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 1)]
    private struct Node
    {
        public ulong Key;
        public int Frame;
        public State State;
    }
}

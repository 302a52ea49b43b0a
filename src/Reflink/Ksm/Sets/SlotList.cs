namespace Reflink.Ksm.Sets;

/// <summary>The slots in the order in which a pass visits them (ksm_mm_head, mm/ksm.c).</summary>
internal sealed class SlotList
{
    public ScanSlot? First { get; private set; }

    public ScanSlot? Last { get; private set; }

    public bool IsEmpty => First is null;

    /// <summary>Puts a slot before another; at the end if that is null.</summary>
    public void AddBefore(ScanSlot slot, ScanSlot? next)
    {
        var before = next is null ? Last : next.Before;
        (slot.Before, slot.After) = (before, next);
        Link(before, slot);
        Link(slot, next);
    }

    /// <summary>Puts a slot after another; at the front if that is null.</summary>
    public void AddAfter(ScanSlot slot, ScanSlot? before) => AddBefore(slot, before is null ? First : before.After);

    public void Remove(ScanSlot slot)
    {
        var (before, after) = (slot.Before, slot.After);
        if (before is null)
        {
            First = after;
        }
        else
        {
            before.After = after;
        }

        if (after is null)
        {
            Last = before;
        }
        else
        {
            after.Before = before;
        }

        (slot.Before, slot.After) = (null, null);
    }

    private void Link(ScanSlot? left, ScanSlot? right)
    {
        if (left is null)
        {
            First = right;
        }
        else
        {
            left.After = right;
        }

        if (right is null)
        {
            Last = left;
        }
        else
        {
            right.Before = left;
        }
    }
}

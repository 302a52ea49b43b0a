using Reflink.Vm;

namespace Reflink.Ksm.Sets;

/// <summary>A process that the scanner visits (struct ksm_mm_slot, mm/ksm.c). Each program image has its own, so exec makes another.</summary>
internal sealed class ScanSlot(int number, Process process)
{
    /// <summary>The number by which items refer to the slot.</summary>
    public int Number { get; } = number;

    /// <summary>The process; once the slot <see cref="IsGone"/>, its memory must not be looked at.</summary>
    public Process Process { get; } = process;

    /// <summary>The item of the lowest page; 0: there is none.</summary>
    public int FirstItem { get; set; }

    /// <summary>How many items the slot has (ksm_rmap_items).</summary>
    public long Items { get; set; }

    /// <summary>How many of them are mapped to merged pages (ksm_merging_pages).</summary>
    public long Merging { get; set; }

    /// <summary>Whether the process exited or runs another program.</summary>
    public bool IsGone { get; set; }

    /// <summary>The slot that is scanned before this one; null for the first.</summary>
    public ScanSlot? Before { get; set; }

    /// <summary>The slot that is scanned after this one; null for the last.</summary>
    public ScanSlot? After { get; set; }
}

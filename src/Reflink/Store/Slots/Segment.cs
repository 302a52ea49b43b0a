using Reflink.Store.Disks;

namespace Reflink.Store.Slots;

/// <summary>A segment of the page log, and how many of its records are needed.</summary>
/// <param name="file">Its file; null when that is missing, and then its pages are lost.</param>
internal sealed class Segment(IDiskFile? file)
{
    /// <summary>The segment's file.</summary>
    public IDiskFile? File => file;

    /// <summary>How many slots have their record here.</summary>
    public int Live { get; set; }

    /// <summary>How many records here are of no slot any more, but the last commit refers to them.</summary>
    public int Pinned { get; set; }

    /// <summary>Whether pages that live here cannot be read, so that they cannot be moved.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Whether nobody needs the segment.</summary>
    public bool IsDead => Live + Pinned == 0;
}

namespace Reflink.Cache;

/// <summary>Which pages of a file are in memory, for <see cref="Readahead"/>.</summary>
internal interface IResidentPages
{
    /// <summary>What the slot of a page holds; a hole's is empty.</summary>
    PageSlot Slot(PageIndex page);
}

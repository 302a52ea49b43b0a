namespace Reflink.Store;

/// <summary>One page of many that are read at once (<see cref="IPageStore.Read(Span{PageRead})"/>): which, and where it goes.</summary>
/// <param name="block">A stored or anonymous block.</param>
/// <param name="bytes">Room for <see cref="Page.Size"/> bytes, which must stay where it is while the call lasts.</param>
internal unsafe struct PageRead(BlockNumber block, byte* bytes)
{
    /// <summary>Whose page is wanted.</summary>
    public BlockNumber Block { get; } = block;

    /// <summary>Where the page goes.</summary>
    public byte* Bytes { get; } = bytes;

    /// <summary>Set by the store: the page is there and right. If not, the bytes are as they were or zeroes.</summary>
    public bool IsGood { get; set; }
}

using FASTER.core;

namespace Reflink.Store.Slots;

/// <summary>
/// Copies between the caller's page and the record in the log, each way once. The value arguments that FASTER passes
/// beside them would be copies of 4 KiB, and stay unused.
/// </summary>
internal sealed unsafe class SlotFunctions : FunctionsBase<long, PageRecord, PageTransfer, Empty, Empty>
{
    public override bool SingleWriter(
        ref long key, ref PageTransfer input, ref PageRecord src, ref PageRecord dst, ref Empty output, ref UpsertInfo info, WriteReason reason)
        => Store(ref input, ref dst, info.Address);

    public override bool ConcurrentWriter(
        ref long key, ref PageTransfer input, ref PageRecord src, ref PageRecord dst, ref Empty output, ref UpsertInfo info)
        => Store(ref input, ref dst, info.Address);

    public override bool SingleReader(
        ref long key, ref PageTransfer input, ref PageRecord value, ref Empty dst, ref ReadInfo info)
        => Load(ref input, ref value, info.Address);

    public override bool ConcurrentReader(
        ref long key, ref PageTransfer input, ref PageRecord value, ref Empty dst, ref ReadInfo info)
        => Load(ref input, ref value, info.Address);

    private static bool Store(ref PageTransfer from, ref PageRecord to, long address)
    {
        fixed (byte* bytes = to.Bytes)
        {
            new ReadOnlySpan<byte>(from.Page, Page.Size).CopyTo(new Span<byte>(bytes, Page.Size));
        }

        to.Checksum = *from.Checksum;
        *from.Address = address;
        return true;
    }

    private static bool Load(ref PageTransfer to, ref PageRecord from, long address)
    {
        fixed (byte* bytes = from.Bytes)
        {
            new ReadOnlySpan<byte>(bytes, Page.Size).CopyTo(new Span<byte>(to.Page, Page.Size));
        }

        *to.Checksum = from.Checksum;
        *to.Address = address;
        return true;
    }
}

using FASTER.core;
using Reflink.Units;

namespace Reflink.Store;

/// <summary>
/// Copies between the caller's page and the record in the log, each way once. The value arguments that FASTER passes
/// beside them would be copies of 4 KiB, and stay unused.
/// </summary>
internal sealed unsafe class SlotFunctions : FunctionsBase<long, PageRecord, PageTransfer, ulong, Empty>
{
    public override bool SingleWriter(
        ref long key, ref PageTransfer input, ref PageRecord src, ref PageRecord dst, ref ulong output, ref UpsertInfo info, WriteReason reason)
        => Store(ref input, ref dst);

    public override bool ConcurrentWriter(
        ref long key, ref PageTransfer input, ref PageRecord src, ref PageRecord dst, ref ulong output, ref UpsertInfo info)
        => Store(ref input, ref dst);

    public override bool SingleReader(
        ref long key, ref PageTransfer input, ref PageRecord value, ref ulong dst, ref ReadInfo info)
        => Load(ref input, ref value, out dst);

    public override bool ConcurrentReader(
        ref long key, ref PageTransfer input, ref PageRecord value, ref ulong dst, ref ReadInfo info)
        => Load(ref input, ref value, out dst);

    private static bool Store(ref PageTransfer from, ref PageRecord to)
    {
        fixed (byte* bytes = to.Bytes)
        {
            new ReadOnlySpan<byte>(from.Page, Page.Size).CopyTo(new Span<byte>(bytes, Page.Size));
        }

        to.Checksum = from.Checksum;
        return true;
    }

    private static bool Load(ref PageTransfer to, ref PageRecord from, out ulong checksum)
    {
        fixed (byte* bytes = from.Bytes)
        {
            new ReadOnlySpan<byte>(bytes, Page.Size).CopyTo(new Span<byte>(to.Page, Page.Size));
        }

        checksum = from.Checksum;
        return true;
    }
}

using FASTER.core;

namespace Reflink.Benchmarks;

/// <summary>FASTER as its documentation shows it: pages by number, each read completed before the next. It disposes of its device.</summary>
internal sealed unsafe class PlainFaster : IDisposable
{
    private readonly IDevice _device;
    private readonly FasterKV<long, Record> _store;
    private readonly ClientSession<long, Record, nint, Empty, Empty, Functions> _session;

    public PlainFaster(IDevice device, long memory, double mutableFraction)
    {
        _device = device;
        using var settings = new FasterKVSettings<long, Record>
        {
            LogDevice = _device, MemorySize = memory, PageSize = 1 << 20, SegmentSize = 1 << 26, IndexSize = 1 << 20, MutableFraction = mutableFraction,
        };
        _store = new FasterKV<long, Record>(settings);
        _session = _store.For(new Functions()).NewSession<Functions>();
    }

    public void Write(long key, ReadOnlySpan<byte> page)
    {
        Record unused = default;
        Empty none = default;
        fixed (byte* bytes = page)
        {
            var input = (nint)bytes;
            _session.Upsert(ref key, ref input, ref unused, ref none);
        }
    }

    public void Read(long key, Span<byte> page)
    {
        Empty none = default;
        fixed (byte* bytes = page)
        {
            var input = (nint)bytes;
            if (_session.Read(ref key, ref input, ref none).IsPending)
            {
                _session.CompletePending(wait: true);
            }
        }
    }

    /// <summary>Reads so many pages, all to the same place, and waits once.</summary>
    public void ReadMany(int count, Func<long> key, Span<byte> page)
    {
        Empty none = default;
        fixed (byte* bytes = page)
        {
            var input = (nint)bytes;
            for (var n = 0; n < count; n++)
            {
                var wanted = key();
                _session.Read(ref wanted, ref input, ref none);
            }

            _session.CompletePending(wait: true);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _store.Dispose();
        _device.Dispose();
    }

    /// <summary>As large as the records of our store.</summary>
    internal struct Record
    {
        public fixed byte Bytes[4096];
        public ulong Checksum;
    }

    internal sealed class Functions : FunctionsBase<long, Record, nint, Empty, Empty>
    {
        public override bool SingleWriter(ref long key, ref nint input, ref Record src, ref Record dst, ref Empty output, ref UpsertInfo info, WriteReason reason) =>
            Store(input, ref dst);

        public override bool ConcurrentWriter(ref long key, ref nint input, ref Record src, ref Record dst, ref Empty output, ref UpsertInfo info) =>
            Store(input, ref dst);

        public override bool SingleReader(ref long key, ref nint input, ref Record value, ref Empty dst, ref ReadInfo info) => Load(input, ref value);

        public override bool ConcurrentReader(ref long key, ref nint input, ref Record value, ref Empty dst, ref ReadInfo info) => Load(input, ref value);

        private static bool Store(nint page, ref Record to)
        {
            fixed (byte* bytes = to.Bytes)
            {
                new ReadOnlySpan<byte>((void*)page, 4096).CopyTo(new Span<byte>(bytes, 4096));
            }

            to.Checksum = 1;
            return true;
        }

        private static bool Load(nint page, ref Record from)
        {
            fixed (byte* bytes = from.Bytes)
            {
                new ReadOnlySpan<byte>(bytes, 4096).CopyTo(new Span<byte>((void*)page, 4096));
            }

            return true;
        }
    }
}

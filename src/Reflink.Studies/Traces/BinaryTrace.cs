using System.Buffers.Binary;
using Reflink.Units;

namespace Reflink.Studies.Traces;

// A trace of records of one length.
internal abstract class BinaryTrace(Stream stream, string path, int recordLength) : ITraceSource
{
    private readonly byte[] _buffer = new byte[recordLength * 4096];
    private int _from;
    private int _to;
    private long _records;

    public abstract bool IsBlockLevel { get; }

    public bool TryRead(out TraceRequest request)
    {
        if (_to - _from < recordLength && !Fill())
        {
            request = default;
            return false;
        }

        request = Parse(_buffer.AsSpan(_from, recordLength), _records++);
        _from += recordLength;
        return true;
    }

    public void Dispose() => stream.Dispose();

    protected abstract TraceRequest Parse(ReadOnlySpan<byte> record, long number);

    protected static ulong U64(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt64LittleEndian(record[at..]);

    protected static uint U32(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt32LittleEndian(record[at..]);

    protected static ushort U16(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt16LittleEndian(record[at..]);

    private bool Fill()
    {
        var rest = _to - _from;
        Array.Copy(_buffer, _from, _buffer, 0, rest);
        (_from, _to) = (0, rest);
        _to += stream.ReadAtLeast(_buffer.AsSpan(rest), recordLength - rest, throwOnEndOfStream: false);
        return _to >= recordLength || (_to == 0 ? false
            : throw new ReflinkException(Errno.EINVAL, $"'{path}' ends within record {_records + 1}, {_to} of {recordLength} bytes; it is truncated"));
    }
}

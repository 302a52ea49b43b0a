using System.Buffers.Binary;
using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

// A trace of records of one length.
internal abstract class BinaryTrace(PeekStream stream, string path, int recordLength) : ITraceSource
{
    private long _records;

    public abstract bool IsBlockLevel { get; }

    public virtual bool HasNeighbours => true;

    public virtual IReadOnlyList<string> Notes => [];

    public bool TryRead(out TraceRequest request)
    {
        do
        {
            var record = stream.Peek(recordLength);
            if (record.Length < recordLength)
            {
                request = default;
                return record.IsEmpty ? false
                    : throw new ReflinkException(Errno.EINVAL, $"'{path}' ends within record {_records + 1}, {record.Length} of {recordLength} bytes; it is truncated");
            }

            if (Parse(record[..recordLength], ++_records, out request) is { } problem)
            {
                throw new ReflinkException(Errno.EINVAL, $"'{path}', record {_records}: {problem}");
            }

            stream.Skip(recordLength);
        }
        while (request.Pages == 0);
        return true;
    }

    public void Dispose() => stream.Dispose();

    // What is wrong with the record, counted from 1, or null; a request without pages if it touches none.
    protected abstract string? Parse(ReadOnlySpan<byte> record, long number, out TraceRequest request);

    protected static ulong U64(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt64LittleEndian(record[at..]);

    protected static uint U32(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt32LittleEndian(record[at..]);

    protected static ushort U16(ReadOnlySpan<byte> record, int at) => BinaryPrimitives.ReadUInt16LittleEndian(record[at..]);
}

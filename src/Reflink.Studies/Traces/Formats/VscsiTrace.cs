using System.Globalization;
using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

// CloudPhysics' vscsi traces. Version 1: u32 number, u32 bytes, u32 segments, u16 command, u16 version, u64 sector, u64 time; version 2:
// u16 command, u16 version, u32 number, u32 bytes, u32 segments, u64 sector, u64 time, u64 response time.
internal sealed class VscsiTrace(PeekStream stream, string path, int version) : BinaryTrace(stream, path, version == 1 ? 32 : 40)
{
    private const int Sector = 512;
    private readonly SortedDictionary<int, long> _others = [];

    public override bool IsBlockLevel => true;

    public override IReadOnlyList<string> Notes => _others.Count == 0 ? []
        : [$"left out: commands that are no reads or writes of blocks, {string.Join(", ", _others.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Value:n0} of 0x{o.Key:x2}")))}"];

    protected override string? Parse(ReadOnlySpan<byte> record, long number, out TraceRequest request)
    {
        request = default;
        var (command, made, bytes, sector) = version == 1
            ? (U16(record, 12), U16(record, 14), U32(record, 4), U64(record, 16))
            : (U16(record, 0), U16(record, 2), U32(record, 8), U64(record, 16));
        if (made >> 8 != version || sector > long.MaxValue / Sector)
        {
            return $"this is none of a vscsi trace of version {version}";
        }

        if (Kind(command) is { } kind)
        {
            return TraceRequest.TryOfBytes(0, (long)sector * Sector, bytes, kind, out request);
        }

        _others[command] = _others.GetValueOrDefault(command) + 1;
        return null;
    }

    // READ and WRITE of 6, 10, 12 and 16 bytes, and WRITE AND VERIFY, which has no form of 6 (SBC-4).
    private static AccessKind? Kind(int command) => command switch
    {
        0x08 or 0x28 or 0xa8 or 0x88 => AccessKind.Read,
        0x0a or 0x2a or 0xaa or 0x8a or 0x2e or 0xae or 0x8e => AccessKind.Write,
        _ => null,
    };
}

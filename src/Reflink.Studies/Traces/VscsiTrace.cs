using Reflink.Cache;
using Reflink.Units;

namespace Reflink.Studies.Traces;

// CloudPhysics' vscsi traces. Version 1: u32 number, u32 bytes, u32 segments, u16 command, u16 version, u64 sector, u64 time; version 2:
// u16 command, u16 version, u32 number, u32 bytes, u32 segments, u64 sector, u64 time, u64 response time.
internal sealed class VscsiTrace(Stream stream, string path, int version) : BinaryTrace(stream, path, version == 1 ? 32 : 40)
{
    private const int Sector = 512;
    private const ushort Read10 = 0x28;
    private const ushort Write10 = 0x2a;
    private readonly string _path = path;

    public override bool IsBlockLevel => true;

    protected override TraceRequest Parse(ReadOnlySpan<byte> record, long number)
    {
        var (command, made, bytes, sector) = version == 1
            ? (U16(record, 12), U16(record, 14), U32(record, 4), U64(record, 16))
            : (U16(record, 0), U16(record, 2), U32(record, 8), U64(record, 16));
        if (made >> 8 != version || sector > long.MaxValue / Sector)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{_path}', record {number + 1} is none of a vscsi trace of version {version}");
        }

        return command is Read10 or Write10
            ? TraceRequest.OfBytes(0, (long)sector * Sector, bytes, command == Read10 ? AccessKind.Read : AccessKind.Write)
            : default;
    }
}

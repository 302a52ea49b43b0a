using System.Buffers.Binary;
using Reflink.Studies.Replaying;
using Reflink.Studies.Traces;

namespace Reflink.Tests.Studies;

public sealed class BinaryTraceTests : IDisposable
{
    private readonly ScratchFolder _folder = new("traces");

    private string FilePath => _folder.Of("trace");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reads_and_writes_of_every_length_of_command_are_read_and_others_counted(int version)
    {
        WriteVscsi(version, (0x08, 512), (0x28, 512), (0xa8, 512), (0x88, 512), (0x0a, 512), (0x2a, 512), (0xaa, 512), (0x8a, 512), (0x2e, 512), (0xae, 512), (0x8e, 512), (0x35, 0), (0x42, 24), (0x35, 0));
        var facts = Describe("vscsi");
        Assert.Equal((11L, 4L, 7L), (facts.Requests, facts.Reads, facts.Writes));
        Assert.Contains("left out: commands that are no reads or writes of blocks, 2 of 0x35, 1 of 0x42", facts.Notes);
    }

    [Fact]
    public void A_request_above_the_limit_is_refused_with_its_record()
    {
        WriteVscsi(2, (0x28, 512), (0x28, uint.MaxValue));
        Assert.Contains("record 2: a request of 4294967295 bytes", Assert.Throws<ReflinkException>(() => Describe("vscsi")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_of_objects_are_said_where_they_are_not_those_of_pages()
    {
        WriteOracle((1, 4096, -1), (2, 4096, -1));
        Assert.Empty(Describe("oracleGeneral").Notes);
        WriteOracle((1, 100, -1), (2, 1_000_000, -1));
        Assert.StartsWith("objects have sizes of 100 to 1,000,000 bytes; each is taken for one page of 4,096", Assert.Single(Describe("oracleGeneral").Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3 9 9", "")]
    [InlineData("3 -1 -1", "")]
    [InlineData("3 9 -1", "")]
    [InlineData("-1 -1 -1", "wrong about when an object is used next: 1 record (record 1 says never, and it is request 3)")]
    [InlineData("2 -1 -1", "wrong about when an object is used next: 1 record (record 1 says request 2, and it is request 3)")]
    [InlineData("3 3 -1", "wrong about when an object is used next: 1 record (record 2 says request 3, and it is never)")]
    public void A_column_of_next_uses_that_lies_is_said(string next, string note)
    {
        // Objects 7, 8, 7; request 9 would come after the end, as in the beginning of a longer trace.
        var said = next.Split(' ').Select(long.Parse).ToArray();
        WriteOracle((7, 4096, said[0]), (8, 4096, said[1]), (7, 4096, said[2]));
        Assert.StartsWith(note, Describe("oracleGeneral").Notes.SingleOrDefault(""), StringComparison.Ordinal);
        var replayed = TraceReplay.Run(new ReplayOptions(FilePath) { Trace = new TraceOptions { Format = "oracleGeneral" }, Pages = [1], Policies = ["belady"] });
        Assert.Equal(note.Length > 0, replayed.Facts.Notes.Count > 0);
    }

    private TraceFacts Describe(string format) => TraceReplay.Describe(new ReplayOptions(FilePath) { Trace = new TraceOptions { Format = format } });

    private void WriteOracle(params (ulong Object, uint Size, long Next)[] records)
    {
        var bytes = new byte[24 * records.Length];
        for (var n = 0; n < records.Length; n++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((24 * n) + 4), records[n].Object);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((24 * n) + 12), records[n].Size);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan((24 * n) + 16), records[n].Next);
        }

        File.WriteAllBytes(FilePath, bytes);
    }

    private void WriteVscsi(int version, params (ushort Command, uint Bytes)[] records)
    {
        var (length, command, bytes) = version == 1 ? (32, 12, 4) : (40, 0, 8);
        var trace = new byte[length * records.Length];
        for (var n = 0; n < records.Length; n++)
        {
            var record = trace.AsSpan(length * n, length);
            BinaryPrimitives.WriteUInt16LittleEndian(record[command..], records[n].Command);
            BinaryPrimitives.WriteUInt16LittleEndian(record[(command + 2)..], (ushort)(version << 8));
            BinaryPrimitives.WriteUInt32LittleEndian(record[bytes..], records[n].Bytes);
            BinaryPrimitives.WriteUInt64LittleEndian(record[16..], (ulong)n * 8);
        }

        File.WriteAllBytes(FilePath, trace);
    }
}

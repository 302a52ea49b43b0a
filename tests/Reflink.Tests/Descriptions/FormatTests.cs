using System.Text;
using Reflink.Descriptions;
using Reflink.Descriptions.Formats;
using Reflink.Units;

namespace Reflink.Tests.Descriptions;

public sealed class FormatTests
{
    private const string Head = "reflink-change-description 1\nbase size=20000 name=/a b\n";

    [Theory]
    [InlineData(DescriptionFormat.Text)]
    [InlineData(DescriptionFormat.Json)]
    [InlineData(DescriptionFormat.Binary)]
    public void What_is_written_is_read_again(DescriptionFormat format)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var description = Any(seed);
            var bytes = DescriptionFiles.Write(description, format);
            var again = DescriptionFiles.Read(bytes, "test");
            Assert.Equal(description.Id, again.Id);
            Assert.Equal(description.Bases, again.Bases);
            Assert.Equal(bytes, DescriptionFiles.Write(again, format));
        }
    }

    [Theory]
    [InlineData(DescriptionFormat.Text)]
    [InlineData(DescriptionFormat.Json)]
    [InlineData(DescriptionFormat.Binary)]
    public void Damaged_files_are_refused_with_an_error_number(DescriptionFormat format)
    {
        // A million in all were played once, with other seeds; these say that it stays so.
        const int Times = 40_000;
        var (refused, random) = (0, new Random(5));
        var whole = Enumerable.Range(0, 20).Select(seed => DescriptionFiles.Write(Any(seed), format)).ToArray();
        for (var time = 0; time < Times; time++)
        {
            var bytes = whole[time % whole.Length];
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                var at = random.Next(bytes.Length);
                bytes = random.Next(4) switch
                {
                    0 => [.. bytes[..at], .. bytes[(at + 1)..]],
                    1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                    2 => bytes[..at],
                    _ => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                };
                if (bytes.Length == 0)
                {
                    break;
                }
            }

            try
            {
                var read = DescriptionFiles.Read(bytes, "test");
                Assert.Equal(read.Id, DescriptionFiles.Read(DescriptionFiles.Write(read, format), "test").Id);
            }
            catch (ReflinkException e)
            {
                Assert.True(e.Error is Errno.EINVAL or Errno.E2BIG or Errno.EFBIG, e.Message);
                refused++;
            }
        }

        Assert.True(refused > Times / 4);
    }

    [Fact]
    public void People_write_edits()
    {
        var text = DescriptionFiles.Read(
            Encoding.UTF8.GetBytes(Head + """
                # a comment
                write 0x10 cc old 90
                insert 5000 00112233
                delete 0x1800 0x10
                clone 0 0 100 6000
                fill-at 7000 20 65
                append 00

                """), "x");
        var json = DescriptionFiles.Read(
            """
            { "format": "reflink-change-description 1",
              "bases": [ { "size": 20000, "name": "/a b" } ],
              "edits": [
                { "do": "write", "offset": "0x10", "bytes": "cc", "old": "90" },
                { "do": "insert", "offset": 5000, "bytes": "00112233" },
                { "do": "delete", "offset": 6144, "length": 16 },
                { "do": "clone", "base": 0, "from": 0, "length": 100, "to": 6000 },
                { "do": "fill-at", "offset": 7000, "length": 20, "value": 65 },
                { "do": "append", "text": "\u0000" } ] }
            """u8, "x");
        Assert.Equal(text.Id, json.Id);
        Assert.Equal(20_000 + 4 - 16 + 1, text.Size);
        Assert.Equal("/a b", Assert.Single(text.Bases).Name);
    }

    [Fact]
    public void The_size_of_a_base_may_be_asked_for()
    {
        var description = DescriptionFiles.Read("reflink-change-description 1\nbase name=/a\nappend 00\n"u8, "x", (number, name) => (number, name) == (0, "/a") ? 77 : null);
        Assert.Equal(78, description.Size);
        Assert.Equal("x:2: the base '/b' has no size; write 'size=BYTES'", Reason("reflink-change-description 1\nbase name=/b\nappend 00\n"));
    }

    [Theory]
    [InlineData("", "x:1: expected 'reflink-change-description 1', found 'the end of the text'")]
    [InlineData(Head + "wriet 0 00\n", "x:3: expected copy, data, fill, hole, write, insert, append, delete, truncate, punch, zero, fill-at, collapse, insert-hole, clone, base or expect, found 'wriet'")]
    [InlineData(Head + "write 0\n", "x:3: expected 'write OFFSET HEX [old HEX]', found 'write 0'")]
    [InlineData(Head + "write 0 0\n", "x:3: expected bytes in hexadecimal, two digits a byte, found '0'")]
    [InlineData(Head + "delete 19999 2\n", "x:3: a delete of [19999,+2) does not lie in the file, which has 20000 bytes at that time")]
    [InlineData(Head + "copy 0 0 20001\n", "x:3: a copy of [0,+20001) from base 0: '/a b' (20000 bytes) is shorter")]
    [InlineData(Head + "append 00\nhole 0x1000\n", "x:4: the piece 'hole' stands behind an edit; pieces come first")]
    [InlineData(Head + "copy 0 0 10\ncopy 0 10 10\n", "x: the pieces are not canonical: piece 0, at byte 0, should be [0,20) copy 0:[0,20); say it by edits (write, append, fill-at …), which are put in canonical form")]
    [InlineData(Head + "data 41\n", "x: the bases are not in the order in which pieces name them first, or one is not used")]
    [InlineData(Head + "append 00\nbase size=1\n", "x:4: a base behind the first piece or edit; name all bases first")]
    [InlineData(Head + "base size=20000 name=/a b\nappend 00\n", "x:4: the base '/a b' (20000 bytes) is named twice; name it once")]
    [InlineData(Head + "append 00\nexpect 0 0 2 bytes 41\n", "x:4: an expectation has 1 bytes; it is 2 bytes, or a hash of 20")]
    public void A_mistake_is_named_with_its_line(string text, string reason) => Assert.Equal(reason, Reason(text));

    [Theory]
    [InlineData("{ \"format\": \"x\" }", "x:1:13: expected '\"format\": \"reflink-change-description 1\"' first, found 'x'")]
    [InlineData("{ \"format\": \"reflink-change-description 1\",\n \"edits\": [ { \"do\": \"append\" } ] }", "x:2:30: expected an entry with 'bytes' or 'text', found '}'")]
    [InlineData("{ \"format\": \"reflink-change-description 1\",\n \"edits\": [ { \"do\": \"delete\", \"offset\": 0, \"length\": 1 } ] }", "x:2:56: a delete of [0,+1) does not lie in the file, which has 0 bytes at that time")]
    [InlineData("{ \"format\": \"reflink-change-description 1\", \"bases\": 3 }", "x:1:54: expected a list, found '3'")]
    public void A_mistake_in_JSON_is_named_with_its_place(string text, string reason) => Assert.Equal(reason, Reason(text));

    private static string Reason(string text) => Assert.Throws<ReflinkException>(() => DescriptionFiles.Read(Encoding.UTF8.GetBytes(text), "x")).Reason;

    private static ChangeDescription Any(int seed)
    {
        var edits = BuilderTests.Edited(seed, seed % 9);
        return edits.Builder.Build((PreconditionKind)(seed % 4), edits.Sources, 3 * (seed % 2));
    }
}

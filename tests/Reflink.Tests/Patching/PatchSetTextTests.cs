using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Tests.Patching;

public sealed class PatchSetTextTests
{
    private const string Head = "reflink-patch-set 1\n";

    [Fact]
    public void What_is_written_is_what_a_person_would_write()
    {
        var set = new PatchSetBuilder(new PatchTarget("/lib/a.so", "AB01", 4096))
            .Add(0x20, [0x90], [0xcc])
            .Add(0x10, [0x55, 0x48], [0x0f, 0x0b], "start here")
            .Build();
        var writer = new StringWriter();
        PatchSetText.Write(set, writer);

        Assert.Equal(
            "reflink-patch-set 1\nfile: /lib/a.so\nbuild-id: ab01\nsize: 4096\n0x10 5548 0f0b start here\n0x20 90 cc\n",
            writer.ToString());
    }

    [Fact]
    public void Comments_blanks_carriage_returns_and_capitals_are_accepted()
    {
        var set = Read("reflink-patch-set 1\r\n# made by hand\r\n\r\n  size:\t64 \r\n\t0X1F  9A\tCC   a  name \r\n  # end\r\n0x0 00 01");

        Assert.Equal(64, set.Target.FileSize);
        Assert.Equal(2, set.Count);
        Assert.Equal(0x1f, set.Offset(1));
        Assert.Equal([0x9a], set.Old(1).ToArray());
        Assert.Equal("a  name", set.Name(1));
    }

    [Fact]
    public void The_first_line_alone_is_the_empty_set() => Assert.Equal(0, Read("reflink-patch-set 1").Count);

    [Theory]
    [InlineData("", 1, "expected 'reflink-patch-set 1', found 'the end of the text'")]
    [InlineData("reflink-patch-set 2\n", 1, "found 'reflink-patch-set 2'")]
    [InlineData(Head + "colour: red\n", 2, "expected 'name', 'file', 'build-id', 'size' or 'sha256', found 'colour'")]
    [InlineData(Head + "\n# x\nsize: many\n", 4, "expected a size in bytes, decimal, found 'many'")]
    [InlineData(Head + "size: -1\n", 2, "expected a size")]
    [InlineData(Head + "size: 1\nsize: 1\n", 3, "a second 'size' line")]
    [InlineData(Head + "build-id: abc\n", 2, "build-id")]
    [InlineData(Head + "file:\n", 2, "file name")]
    [InlineData(Head + "nonsense\n", 2, "expected a header line 'KEY: VALUE' or an entry, found 'nonsense'")]
    [InlineData(Head + "0x0 00 01\nsize: 1\n", 3, "expected an entry '0xOFFSET OLD NEW [NAME]', found 'size: 1'")]
    [InlineData(Head + "0x 00 01\n", 2, "expected a file offset in hexadecimal, below 2^63, found '0x'")]
    [InlineData(Head + "0xffffffffffffffff 00 01\n", 2, "expected a file offset")]
    [InlineData(Head + "0x10000000000000000 00 01\n", 2, "expected a file offset")]
    [InlineData(Head + "0x1z 00 01\n", 2, "expected a file offset")]
    [InlineData(Head + "0x1\n", 2, "expected old bytes in hexadecimal, two digits a byte, found 'the end of the line'")]
    [InlineData(Head + "0x1 00\n", 2, "expected new bytes in hexadecimal, two digits a byte, found 'the end of the line'")]
    [InlineData(Head + "0x1 0 1\n", 2, "expected old bytes in hexadecimal, two digits a byte, found '0'")]
    [InlineData(Head + "0x1 00 0g\n", 2, "expected new bytes in hexadecimal, two digits a byte, found '0g'")]
    [InlineData(Head + "0x1 00 0102\n", 2, "1 old and 2 new bytes")]
    [InlineData(Head + "0x7fffffffffffffff 00 01\n", 2, "behind any file")]
    [InlineData(Head + "0x1 00 01 a\u0001b\n", 2, "control characters")]
    public void Every_syntax_error_says_where_and_what(string text, int line, string expected)
    {
        var failure = Assert.Throws<ReflinkException>(() => Read(text));

        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.StartsWith($"EINVAL: set.txt:{line}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overlap_in_a_text_names_the_text_and_both_entries()
    {
        var failure = Assert.Throws<ReflinkException>(() => Read(Head + "0x10 0001 0203 a\n0x11 01 05 b\n"));

        Assert.StartsWith("EINVAL: set.txt: patches 0x10+2 (a) and 0x11+1 (b) overlap", failure.Message, StringComparison.Ordinal);
    }

    private static PatchSet Read(string text) => PatchSetText.Read(new StringReader(text), "set.txt");
}

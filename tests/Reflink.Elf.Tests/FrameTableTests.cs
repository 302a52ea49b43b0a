using Reflink.Elf.Tests.Made;

namespace Reflink.Elf.Tests;

/// <summary>The unwinder's table in all the ways in which it can be written.</summary>
public sealed class FrameTableTests
{
    private const ulong Text = MadeElf.TextAddress;
    private static readonly Site[] s_expected = [new(MadeElf.TextOffset + 0x20, 0x30)];

    public static TheoryData<byte, string, string> Encodings => new()
    {
        { 0x00, "2020010000000000", "3000000000000000" },
        { 0x04, "2020010000000000", "3000000000000000" },
        { 0x0c, "2020010000000000", "3000000000000000" },
        { 0x01, "a0c004", "30" },
        { 0x09, "a0c004", "30" },
        { 0x03, "20200100", "30000000" },
        { 0x0b, "20200100", "30000000" },
        { 0x10, "pcrel:8", "3000000000000000" },
        { 0x12, "pcrel:2", "3000" },
        { 0x13, "pcrel:4", "30000000" },
        { 0x1a, "pcrel:2", "3000" },
        { 0x1b, "pcrel:4", "30000000" },
        { 0x1c, "pcrel:8", "3000000000000000" },
        { 0x50, "aligned", "3000000000000000" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_pointer_encoding_gives_the_same_function(byte encoding, string begin, string range)
    {
        var frames = new MadeFrames();
        var cie = frames.Cie(encoding);
        frames.Fde(cie, Begin(begin, frames.PointerHere), Convert.FromHexString(range)).End();

        Assert.Equal(s_expected, Find(frames));
    }

    [Fact]
    public void Negative_numbers_keep_their_sign()
    {
        var frames = new MadeFrames();
        var cie = frames.Cie(0x19);
        frames.Fde(cie, Sleb128((long)(Text + 0x20) - (long)frames.PointerHere), [0x30]);
        var behind = frames.Cie(0x09);
        frames.Fde(behind, Sleb128(-5), [0x30]).End();

        Assert.Equal(s_expected, Find(frames));
    }

    [Theory]
    [InlineData("zR", "1b", 1)]
    [InlineData("zR", "1b", 3)]
    [InlineData("zPLR", "9b112233441b1b", 1)]
    [InlineData("zPLR", "0011223344556677881b1b", 1)]
    [InlineData("zPR", "ff1b", 1)]
    [InlineData("zRL", "1b00", 1)]
    public void Augmentations_are_read_letter_by_letter(string letters, string data, byte version)
    {
        var frames = new MadeFrames();
        frames.Fde(frames.Cie(letters, Convert.FromHexString(data), version), Text + 0x20, 0x30).End();

        Assert.Equal(s_expected, Find(frames));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("zL", "00")]
    public void Without_an_encoding_pointers_are_absolute(string letters, string data)
    {
        var frames = new MadeFrames();
        frames.Fde(frames.Cie(letters, Convert.FromHexString(data)), BitConverter.GetBytes(Text + 0x20), BitConverter.GetBytes(0x30L)).End();

        Assert.Equal(s_expected, Find(frames));
    }

    [Fact]
    public void Signal_trampolines_stubs_and_what_follows_the_terminator_are_no_functions()
    {
        var frames = new MadeFrames();
        var signal = frames.Cie("zRS", [0x1b]);
        frames.Fde(signal, Text + 0x7f, 10);
        var cie = frames.Cie(0x1b);
        frames.Fde(cie, Text + 0x20, 0x30).Fde(cie, Text + 0x3c0, 0x40).End().Fde(cie, Text + 0x100, 0x30);

        Assert.Equal(s_expected, Find(frames));
    }

    [Fact]
    public void A_length_of_eight_bytes_is_understood()
    {
        var frames = new MadeFrames();
        var cie = frames.Cie(0x03);
        frames.Raw([0xff, 0xff, 0xff, 0xff, 12, 0, 0, 0, 0, 0, 0, 0]);
        frames.Raw([.. BitConverter.GetBytes((int)(frames.Here - MadeElf.FramesAddress) - cie), .. BitConverter.GetBytes((uint)Text + 0x20), 0x30, 0, 0, 0]);
        frames.End();

        Assert.Equal(s_expected, Find(frames));
    }

    [Theory]
    [InlineData("zR", "9b", 1, "pointer encoding 0x9b")]
    [InlineData("zR", "3b", 1, "pointer encoding 0x3b")]
    [InlineData("zR", "05", 1, "pointer encoding 0x05")]
    [InlineData("zR", "ff", 1, "pointer encoding 0xff")]
    [InlineData("zQR", "1b", 1, "augmentation 'Q'")]
    [InlineData("eh", "", 1, "augmentation 'e'")]
    [InlineData("zR", "1b", 2, "version 2")]
    public void What_is_not_known_is_refused_by_name(string letters, string data, byte version, string reason)
    {
        var frames = new MadeFrames();
        frames.Fde(frames.Cie(letters, Convert.FromHexString(data), version), Text, 0x30).End();

        Expect.NotUsable(() => Find(frames), reason);
    }

    [Fact]
    public void Broken_tables_are_refused()
    {
        Expect.NotUsable(() => Find(new MadeFrames().Raw(0x10, 0, 0)), "breaks off");
        Expect.NotUsable(() => Find(new MadeFrames().Raw(0x10, 0, 0, 0, 1, 2)), "breaks off");
        Expect.NotUsable(() => Find(new MadeFrames().Raw([0xff, 0xff, 0xff, 0xff, .. BitConverter.GetBytes(ulong.MaxValue)])), "breaks off");
        Expect.NotUsable(() => Find(new MadeFrames().Fde(400, Text, 8)), "is not there");
        Expect.NotUsable(() => Find(new MadeFrames().Fde(0, Text, 8)), "is not there");
        var endless = new MadeFrames();
        endless.Cie(0x01);
        Expect.NotUsable(() => Find(endless.Fde(0, [.. Enumerable.Repeat((byte)0xff, 30)], [0x30])), "does not end");
    }

    private static byte[] Begin(string begin, ulong here) => begin switch
    {
        "aligned" => [.. new byte[(8 - (here % 8)) % 8], .. BitConverter.GetBytes(Text + 0x20)],
        _ when begin.StartsWith("pcrel:", StringComparison.Ordinal) => BitConverter.GetBytes((long)(Text + 0x20) - (long)here)[..(begin[^1] - '0')],
        _ => Convert.FromHexString(begin),
    };

    private static byte[] Sleb128(long value)
    {
        var bytes = new List<byte>();
        for (; value is < -64 or > 63; value >>= 7)
        {
            bytes.Add((byte)((value & 0x7f) | 0x80));
        }

        return [.. bytes, (byte)(value & 0x7f)];
    }

    private static IReadOnlyList<Site> Find(MadeFrames frames) =>
        FunctionSites.Find(ElfFile.FromBytes("made", new MadeElf { Frames = frames.Bytes }.Build()), SiteSource.Frames);
}

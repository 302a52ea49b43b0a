using Reflink.Elf.Tests.Made;
using Reflink.Units;

namespace Reflink.Elf.Tests;

public sealed class FunctionSitesTests
{
    private const ulong Text = MadeElf.TextAddress;
    private const long Code = MadeElf.TextOffset;

    [Fact]
    public void Sites_are_defined_functions_of_five_bytes_in_code_in_order_of_address()
    {
        var made = new MadeElf();
        made.Symbols.AddRange([
            new("last", Text + MadeElf.TextSize - 5, 5),
            new("first", Text, 16),
            new("resolver", Text + 0x20, 9, Type: 10),
            new("short", Text + 0x40, 4),
            new("data", Text + 0x50, 8, Type: 1),
            new("elsewhere", Text + 0x60, 8, IsDefined: false),
            new("table", MadeElf.TableAddress, 8),
            new("outside", Text + MadeElf.TextSize, 8),
            new("cut", Text + MadeElf.TextSize - 4, 8),
            new("long", Text + 0x100, ulong.MaxValue),
        ]);

        Assert.Equal(
            [
                new Site(Code, 16, "first"),
                new Site(Code + 0x20, 9, "resolver"),
                new Site(Code + 0x100, MadeElf.TextSize - 0x100, "long"),
                new Site(Code + MadeElf.TextSize - 5, 5, "last"),
            ],
            Find(made));
    }

    [Fact]
    public void Aliases_are_one_site_the_largest_with_the_first_name()
    {
        var made = new MadeElf();
        made.Symbols.AddRange([new("tiny", Text, 1), new("b", Text, 9), new(null, Text, 9), new("a", Text, 9), new("A0", Text, 8)]);

        Assert.Equal([new Site(Code, 9, "a")], Find(made));
    }

    [Fact]
    public void A_name_that_no_line_can_carry_is_none()
    {
        var made = new MadeElf { Symbols = { new("a\nb", Text, 8), new("größe", Text + 8, 8) } };

        Assert.Equal([null, "größe"], Find(made).Select(site => site.Name));
    }

    [Fact]
    public void Symtab_goes_before_frames_and_frames_before_exports()
    {
        var made = Stripped();
        made.Symbols.Add(new("local", Text + 0x80, 8));

        Assert.Equal([new Site(Code + 0x80, 8, "local")], Find(made));
        Assert.Equal([new Site(Code, 0x10, "export"), new Site(Code + 0x10, 0x20)], Find(Stripped()));
        Assert.Equal([new Site(Code, 8, "export")], Find(Stripped(), SiteSource.Symbols));
        Assert.Equal(2, Find(Stripped(), SiteSource.Frames).Count);
    }

    [Fact]
    public void Without_frames_the_exports_are_taken()
    {
        var made = new MadeElf { DynamicSymbols = { new("export", Text, 8) } };

        Assert.Equal([new Site(Code, 8, "export")], Find(made));
    }

    [Theory]
    [InlineData(SiteSource.Best, "in its symbols")]
    [InlineData(SiteSource.Symbols, "or take Frames")]
    [InlineData(SiteSource.Frames, "in its frame table")]
    public void A_file_without_functions_is_refused(SiteSource source, string reason) =>
        Expect.NotUsable(() => Find(new MadeElf(), source), reason);

    [Theory]
    [InlineData(0, new long[0])]
    [InlineData(1, new long[] { 0 })]
    [InlineData(3, new long[] { 0, 3, 6 })]
    [InlineData(4, new long[] { 0, 2, 5, 7 })]
    [InlineData(9, new long[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(10, new long[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [InlineData(99, new long[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    public void A_spread_takes_every_so_manieth(int count, long[] expected)
    {
        var all = Enumerable.Range(0, 10).Select(i => new Site(i, 5)).ToArray();

        Assert.Equal(expected, FunctionSites.Spread(all, count).Select(site => site.Offset));
    }

    [Fact]
    public void A_negative_spread_is_refused() =>
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => FunctionSites.Spread([], -1)).Error);

    private static MadeElf Stripped()
    {
        var frames = new MadeFrames();
        var cie = frames.Cie(0x1b);
        return new MadeElf
        {
            DynamicSymbols = { new("export", Text, 8) },
            Frames = frames.Fde(cie, Text, 0x10).Fde(cie, Text + 0x10, 0x20).End().Bytes,
        };
    }

    private static IReadOnlyList<Site> Find(MadeElf made, SiteSource source = SiteSource.Best) =>
        FunctionSites.Find(ElfFile.FromBytes("made", made.Build()), source);
}

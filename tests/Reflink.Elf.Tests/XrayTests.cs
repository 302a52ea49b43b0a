using Reflink.Elf.Tests.Made;

namespace Reflink.Elf.Tests;

/// <summary>Sleds of xray_instr_map, in made files.</summary>
public sealed class XrayTests
{
    private const ulong Text = MadeElf.TextAddress;

    [Fact]
    public void A_sled_has_its_place_its_size_its_name_and_its_sort()
    {
        var made = Made((Text + 0x30, Text + 0x20, 1, 2), (Text + 0x20, Text + 0x20, 0, 2), (Text + 0x100, Text + 0x100, 4, 2));
        made.Text[0x30] = 0xc3;
        (made.Text[0x100], made.Text[0x101]) = (0xeb, 15);

        Assert.Equal(
            [
                new Site(0x1020, 11, "f") { Kind = SiteKind.Xray, Detail = "entry" },
                new Site(0x1030, 11, "f+0x10") { Kind = SiteKind.Xray, Detail = "exit" },
                new Site(0x1100, 17) { Kind = SiteKind.Xray, Detail = "custom-event" },
            ],
            Find(made));
    }

    [Fact]
    public void A_sled_ends_with_the_segment() =>
        Assert.Equal(3, Assert.Single(Find(Made((Text + MadeElf.TextSize - 3, Text, 0, 2)))).Size);

    [Theory]
    [InlineData(0x20, 0x20, 0, 1, "has XRay sleds of version 1, not 2; compile it with")]
    [InlineData(0x20, 0x20, 6, 2, "a sled of kind 6 at address 0x12020")]
    [InlineData(0x800, 0x20, 0, 2, "a sled of kind 0 at address 0x12800 in the function at 0x12020")]
    [InlineData(0x20, 0x800, 0, 2, "in the function at 0x12800, which are not all known kinds and code")]
    public void A_malformed_sled_is_refused(ulong address, ulong function, byte kind, byte version, string reason) =>
        Expect.NotUsable(() => Find(Made((Text + address, Text + function, kind, version))), reason);

    [Fact]
    public void Half_a_sled_is_refused()
    {
        var made = new MadeElf { Extras = { Tables.Sleds() with { Content = new byte[40] } } };

        Expect.NotUsable(() => Find(made), "has 40 bytes, which is no number of records of 32");
    }

    /// <summary>Headers are cheap: two that claim the same bytes would double the work, and a thousand more so.</summary>
    [Fact]
    public void Sections_that_are_longer_than_the_file_together_are_refused()
    {
        var bytes = Made((Text, Text, 0, 2)).Build();
        var header = MadeElf.SectionsOffset + (3 * 64);
        Assert.Equal(32, bytes[header + 32]);
        BitConverter.GetBytes((ulong)bytes.Length + 1).CopyTo(bytes, header + 32);

        Expect.NotUsable(() => SiteFinder.Find(ElfFile.FromBytes("made", bytes), SiteKind.Xray), "its sections xray_instr_map are longer than the file");
    }

    private static MadeElf Made(params (ulong, ulong, byte, byte)[] sleds) =>
        new() { Extras = { Tables.Sleds(sleds) }, Symbols = { new("f", Text + 0x20, 0x20) } };

    private static IReadOnlyList<Site> Find(MadeElf made) => SiteFinder.Find(ElfFile.FromBytes("made", made.Build()), SiteKind.Xray);
}

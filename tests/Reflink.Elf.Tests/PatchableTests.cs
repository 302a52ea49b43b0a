using Reflink.Elf.Tests.Made;

namespace Reflink.Elf.Tests;

/// <summary>Entries of __patchable_function_entries, in made files.</summary>
public sealed class PatchableTests
{
    private const ulong Text = MadeElf.TextAddress;

    [Fact]
    public void The_words_are_addresses_where_nothing_relocates_them() =>
        Assert.Equal([(0x1100L, "later"), (0x1020L, "f")], Find(Made(Tables.Entries(Text + 0x20, Text + 0x100))).Select(site => (site.Offset, site.Name!)).Reverse());

    [Fact]
    public void Relocations_fill_in_words_that_are_zero() =>
        Assert.Equal([0x1020L, 0x1100], Find(Made(Tables.Entries(0, 0), Tables.Relocations(Text + 0x100, Text + 0x20))).Select(site => site.Offset));

    [Fact]
    public void A_relocation_wins_over_the_word() =>
        Assert.Equal(0x1020, Assert.Single(Find(Made(Tables.Entries(0x99), Tables.Relocations(Text + 0x20)))).Offset);

    /// <summary>Without more no-ops than were asked for: the byte behind is code.</summary>
    [Theory]
    [InlineData(5, "9090909090c3")]
    [InlineData(5, "0f1f440008c3")]
    [InlineData(16, "9090909090909090909090909090" + "9090c3")]
    [InlineData(9, "660f1f840000000000c3")]
    [InlineData(12, "66662e0f1f84000000000090c3")]
    [InlineData(4, "0f1f4000c3")]
    [InlineData(10, "0f1f000f1f8000000000c3")]
    [InlineData(1, "ccc3")]
    [InlineData(1, "0f0b")]
    [InlineData(1, "6666c3")]
    public void Its_size_is_that_of_the_no_ops(int size, string code)
    {
        var made = Made(Tables.Entries(Text + 0x20));
        Convert.FromHexString(code).CopyTo(made.Text, 0x20);

        Assert.Equal(size, Assert.Single(Find(made)).Size);
    }

    [Fact]
    public void No_ops_end_with_the_segment() =>
        Assert.Equal(4, Assert.Single(Find(Made(Tables.Entries(Text + MadeElf.TextSize - 4)))).Size);

    /// <summary>Fourteen of sixteen no-ops stand before the label, as -fpatchable-function-entry=16,14 puts them.</summary>
    [Fact]
    public void No_ops_before_a_function_are_that_functions()
    {
        var made = Made(Tables.Entries(Text + 0x100 - 14));
        made.Text[0x102] = 0xc3;
        var site = Assert.Single(Find(made));

        Assert.Equal((0x10f2L, 16L, "later"), (site.Offset, site.Size, site.Name));
    }

    [Fact]
    public void No_ops_behind_the_beginning_of_a_function_are_that_functions() =>
        Assert.Equal("f", Assert.Single(Find(Made(Tables.Entries(Text + 0x24)))).Name);

    [Fact]
    public void No_ops_far_from_functions_have_no_name()
    {
        var made = Made(Tables.Entries(Text + 0x60));
        made.Text[0x65] = 0xc3;

        Assert.Null(Assert.Single(Find(made)).Name);
    }

    [Fact]
    public void An_entry_that_is_listed_twice_is_one_site() => Assert.Single(Find(Made(Tables.Entries(Text, Text))));

    [Fact]
    public void A_word_that_nothing_fills_in_is_left_out_and_told()
    {
        var made = new MadeElf { Extras = { Tables.Entries(Text, 0), Tables.Relocations(Text) } };
        Assert.Single(SiteFinder.Find(ElfFile.FromBytes("made", made.Build()), SiteKind.Patchable, out var unusable));
        Assert.Contains(
            "entry 1 of __patchable_function_entries is address 0x0, which is no code, and no relocation R_X86_64_RELATIVE", Assert.Single(unusable), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_no_code_is_refused() =>
        Refused("is address 0x10200, which is no code; get", Tables.Entries(MadeElf.TableAddress + 0x200));

    [Fact]
    public void Half_an_address_is_refused() =>
        Refused("has 12 bytes, which is no number of addresses", Tables.Entries(Text) with { Content = new byte[12] });

    private static void Refused(string reason, params MadeSection[] sections) => Expect.NotUsable(() => Find(Made(sections)), reason);

    private static MadeElf Made(params MadeSection[] sections)
    {
        var made = new MadeElf { Symbols = { new("f", Text + 0x20, 0x20), new("later", Text + 0x100, 0x20) } };
        made.Extras.AddRange(sections);
        return made;
    }

    private static IReadOnlyList<Site> Find(MadeElf made) => SiteFinder.Find(ElfFile.FromBytes("made", made.Build()), SiteKind.Patchable);
}

using Reflink.Elf.Tests.Made;

namespace Reflink.Elf.Tests;

/// <summary>Probes of .note.stapsdt, in made files.</summary>
public sealed class ProbeTests
{
    [Fact]
    public void A_probe_has_its_place_its_name_its_arguments_and_its_semaphore()
    {
        var sites = Find(
            Tables.Probe(MadeElf.TextAddress + 0x20, "db\0query__start\0" + "8@%rdi -4@$5\0", semaphore: MadeElf.TableAddress + 0x600),
            Tables.Probe(MadeElf.TextAddress + 0x10, "db\0commit\0\0"));

        Assert.Equal(
            [
                new Site(0x1010, 1, "db:commit") { Kind = SiteKind.Sdt },
                new Site(0x1020, 1, "db:query__start") { Kind = SiteKind.Sdt, Detail = "8@%rdi -4@$5", Semaphore = 0x600 },
            ],
            sites);
    }

    /// <summary>A prelinker moved the file by 0x3000 and .stapsdt.base with it, but not the notes.</summary>
    [Fact]
    public void Addresses_move_with_the_base()
    {
        var note = Tables.Probe(MadeElf.TextAddress + 8 - 0x3000, "a\0b\0\0", Tables.Base - 0x3000, MadeElf.TableAddress + 0x40 - 0x3000);

        var site = Assert.Single(Find(note));
        Assert.Equal((0x1008L, (long?)0x40), (site.Offset, site.Semaphore));
    }

    [Fact]
    public void Without_a_base_addresses_are_as_they_are()
    {
        var made = new MadeElf { Extras = { Tables.Probes(Tables.Probe(MadeElf.TextAddress + 8, "a\0b\0\0", @base: 0x77)) } };

        Assert.Equal(0x1008, Assert.Single(Find(made)).Offset);
    }

    [Fact]
    public void A_note_that_gives_no_base_is_not_moved()
    {
        var site = Assert.Single(Find(Tables.Probe(MadeElf.TextAddress + 8, "a\0b\0\0", @base: 0, semaphore: MadeElf.TableAddress + 0x40)));
        Assert.Equal((0x1008L, (long?)0x40), (site.Offset, site.Semaphore));
    }

    [Fact]
    public void A_note_that_cannot_be_used_does_not_hide_the_others()
    {
        var made = Made(
            Tables.Probe(MadeElf.TextAddress + 8, "a\0b\0\0"), Tables.Probe(MadeElf.TextAddress + 0xfff, "a\0nowhere\0\0"), Tables.Probe(MadeElf.TextAddress, "a\0c\0\0"));
        var sites = SiteFinder.Find(ElfFile.FromBytes("made", made.Build()), SiteKind.Sdt, out var unusable);
        Assert.Equal(["a:c", "a:b"], sites.Select(site => site.Name));
        Assert.Contains("the probe a:nowhere is at address", Assert.Single(unusable), StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_before_one_whose_length_is_wrong_are_found()
    {
        var probes = Tables.Probes(Tables.Probe(MadeElf.TextAddress + 8, "a\0b\0\0"));
        byte[] content = [.. probes.Content, 8, 0, 0, 0, 0xff, 0xff, 0, 0, 3, 0, 0, 0];
        var made = new MadeElf { Extras = { probes with { Content = content }, Tables.ProbeBase() } };
        var sites = SiteFinder.Find(ElfFile.FromBytes("made", made.Build()), SiteKind.Sdt, out var unusable);
        Assert.Equal("a:b", Assert.Single(sites).Name);
        Assert.Contains("a note is longer than the notes", Assert.Single(unusable), StringComparison.Ordinal);
    }

    [Fact]
    public void Probes_at_one_place_are_sites_each_and_one_patch()
    {
        var made = Made(Tables.Probe(MadeElf.TextAddress, "b\0x\0\0"), Tables.Probe(MadeElf.TextAddress, "a\0x\0\0"), Tables.Probe(MadeElf.TextAddress + 1, "a\0x\0\0"));
        var elf = ElfFile.FromBytes("made", made.Build());
        var sites = SiteFinder.Find(elf, SiteKind.Sdt);
        var set = BreakpointPatch.Make(elf, sites);

        Assert.Equal(["a:x", "b:x", "a:x"], sites.Select(site => site.Name));
        Assert.Equal(2, set.Count);
        Assert.Equal("a:x", set.Name(0));
        Assert.Equal(1, set.CountPages());
    }

    [Fact]
    public void Notes_of_others_are_no_probes()
    {
        var probe = Tables.Probes(Tables.Probe(MadeElf.TextAddress, "a\0b\0\0"));
        byte[] others = [.. probe.Content, .. probe.Content, .. probe.Content];
        others[8] = 4;
        others[probe.Content.Length + 12] = (byte)'S';

        Assert.Single(Find(new MadeElf { Extras = { probe with { Content = others }, Tables.ProbeBase() } }));
    }

    [Theory]
    [InlineData(SiteKind.Sdt)]
    [InlineData(SiteKind.Patchable)]
    [InlineData(SiteKind.Xray)]
    [InlineData(SiteKind.Functions)]
    public void A_file_without_a_table_has_no_sites(SiteKind kind) =>
        Assert.Empty(SiteFinder.Find(ElfFile.FromBytes("made", new MadeElf().Build()), kind));

    [Fact]
    public void The_content_that_a_debug_file_left_out_is_not_read() =>
        Assert.Empty(Find(new MadeElf { Extras = { Tables.Probes(Tables.Probe(0, "")) with { Type = 8 } } }));

    [Theory]
    [InlineData(0xfff, 0, "a\0b\0\0", "the probe a:b is at address 0x12fff, which is no code")]
    [InlineData(0, 0x7000, "a\0b\0\0", "the semaphore of the probe a:b is at address 0x17000, which is not in the file")]
    [InlineData(0, 0, "a", "the provider of a probe in .note.stapsdt does not end")]
    [InlineData(0, 0, "a\0b", "the name of a probe in .note.stapsdt does not end")]
    [InlineData(0, 0, "a\0b\0c", "the arguments of a probe in .note.stapsdt does not end")]
    [InlineData(0, 0, "\0b\0\0", "the provider of a probe in .note.stapsdt is no word")]
    [InlineData(0, 0, "a\0b c\0\0", "the name of a probe in .note.stapsdt is no word")]
    [InlineData(0, 0, "a\0b\0c\nd\0", "the arguments of a probe in .note.stapsdt is no word")]
    public void A_malformed_probe_is_refused(ulong place, ulong semaphore, string strings, string reason) => Expect.NotUsable(
        () => Find(Tables.Probe(MadeElf.TextAddress + place, strings, semaphore: semaphore == 0 ? 0 : MadeElf.TableAddress + semaphore)), reason);

    [Fact]
    public void A_probe_without_addresses_is_refused() =>
        Expect.NotUsable(() => Find([1, 2, 3]), "a probe in .note.stapsdt has 3 bytes, fewer than its addresses need");

    private static MadeElf Made(params byte[][] notes) => new() { Extras = { Tables.Probes(notes), Tables.ProbeBase() } };

    private static IReadOnlyList<Site> Find(params byte[][] notes) => Find(Made(notes));

    private static IReadOnlyList<Site> Find(MadeElf made) => SiteFinder.Find(ElfFile.FromBytes("made", made.Build()), SiteKind.Sdt);
}

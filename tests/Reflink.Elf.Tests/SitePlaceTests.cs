using Reflink.Elf.Tests.Made;
using Reflink.Units;

namespace Reflink.Elf.Tests;

/// <summary>Places as users type them, found in made files.</summary>
public sealed class SitePlaceTests
{
    private const long Code = MadeElf.TextOffset;
    private const ulong Text = MadeElf.TextAddress;
    private readonly ElfFile _elf = Made();

    [Theory]
    [InlineData("db:commit", "0x1010 db:commit")]
    [InlineData("db:*", "0x1010 db:commit,0x1020 db:query__start")]
    [InlineData("d?:query*", "0x1020 db:query__start")]
    [InlineData("*:*", "0x1010 db:commit,0x1020 db:query__start,0x1030 gc:commit")]
    [InlineData("*:commit", "0x1010 db:commit,0x1030 gc:commit")]
    [InlineData("first", "0x1000 first")]
    [InlineData("alias", "0x1000 alias")]
    [InlineData("short", "0x1100 short")]
    [InlineData("exported", "0x1180 exported")]
    [InlineData("*s*t", "0x1000 first,0x1100 short")]
    [InlineData("first+3", "0x1003 first+0x3")]
    [InlineData("first+0x1F", "0x101f first+0x1f")]
    [InlineData("operator+", null)]
    [InlineData("a+b", "0x1140 a+b")]
    [InlineData("a+b+2", "0x1142 a+b+0x2")]
    [InlineData("0x1002", "0x1002 alias+0x2")]
    [InlineData("0X1180", "0x1180 -")]
    [InlineData("0x1300", "0x1300 -")]
    public void What_is_typed_is_found(string typed, string? found)
    {
        if (found is null)
        {
            Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => SitePlace.Parse(typed)).Error);
            return;
        }

        Assert.Equal(found, string.Join(",", SitePlace.Parse(typed).Find(_elf).Select(site => $"0x{site.Offset:x} {site.Name ?? "-"}")));
    }

    [Fact]
    public void A_probe_keeps_what_its_note_says_and_a_function_its_size()
    {
        var probe = Assert.Single(SitePlace.Parse("db:query__start").Find(_elf));
        var inside = Assert.Single(SitePlace.Parse("first+8").Find(_elf));

        Assert.Equal((SiteKind.Sdt, "8@%rdi", (long?)0x600), (probe.Kind, probe.Detail, probe.Semaphore));
        Assert.Equal((SiteKind.Functions, 0x38L), (inside.Kind, inside.Size));
    }

    [Theory]
    [InlineData("db:comit", "there is no probe 'db:comit' in 'made'; the nearest are db:commit, gc:commit")]
    [InlineData("DB:zz", "there is no probe 'DB:zz' in 'made'; none of its 3 names is like it, 'reflink sites' lists them")]
    [InlineData("frist", "there is no function 'frist' in 'made'; the nearest is first")]
    [InlineData("shrt+1", "there is no function 'shrt' in 'made'; the nearest is short")]
    [InlineData("exportd*", "there is no function 'exportd*' in 'made'; the nearest is exported")]
    public void Nothing_found_names_the_nearest(string typed, string message)
    {
        var failure = Assert.Throws<ReflinkException>(() => SitePlace.Parse(typed).Find(_elf));

        Assert.Equal((Errno.ENOENT, $"ENOENT: {message}"), (failure.Error, failure.Message));
    }

    [Fact]
    public void A_file_without_names_says_so() => Assert.Contains(
        "it has no probe with a name at all, give 0xFILEOFFSET",
        Assert.Throws<ReflinkException>(() => SitePlace.Parse("a:b").Find(ElfFile.FromBytes("made", new MadeElf().Build()))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("first+0x40", "'first+0x40' in 'made' is behind the function first, which has 64 bytes; give an offset below that")]
    [InlineData("short+3", "is behind the function short, which has 3 bytes")]
    [InlineData("0xfff", "file offset '0xfff' of 'made' is not code; its code is at file offsets [0x1000,0x1400)")]
    [InlineData("0x1400", "is not code")]
    [InlineData("long+1", "'long+1' in 'made' lies inside the instruction at file offset 0x1200; take that, or 0x1205, where the next begins")]
    [InlineData("0x1204", "'0x1204' in 'made' lies inside the instruction at file offset 0x1200")]
    public void A_place_where_nothing_can_be_put_is_refused(string typed, string message)
    {
        var failure = Assert.Throws<ReflinkException>(() => SitePlace.Parse(typed).Find(_elf));

        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":a")]
    [InlineData("a:")]
    [InlineData("a:b:c")]
    [InlineData("0x")]
    [InlineData("0xfg")]
    [InlineData("0x-1")]
    [InlineData("0xffffffffffffffff")]
    [InlineData("+4")]
    [InlineData("two words")]
    public void What_names_nothing_is_refused(string typed)
    {
        var failure = Assert.Throws<ReflinkException>(() => SitePlace.Parse(typed));

        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.Contains($"'{typed}' names no site; give PROVIDER:NAME", failure.Message, StringComparison.Ordinal);
    }

    private static ElfFile Made()
    {
        var made = new MadeElf
        {
            Extras =
            {
                Tables.Probes(
                    Tables.Probe(Text + 0x10, "db\0commit\0\0"),
                    Tables.Probe(Text + 0x20, "db\0query__start\0" + "8@%rdi\0", semaphore: MadeElf.TableAddress + 0x600),
                    Tables.Probe(Text + 0x30, "gc\0commit\0\0")),
                Tables.ProbeBase(),
            },
            DynamicSymbols = { new("exported", Text + 0x180, 0) },
        };
        made.Symbols.AddRange([
            new("first", Text, 0x40), new("alias", Text, 0x40), new("short", Text + 0x100, 3), new("a+b", Text + 0x140, 8), new("long", Text + 0x200, 16),
        ]);
        made.Text[0x200] = 0xb8;
        return ElfFile.FromBytes("made", made.Build());
    }
}

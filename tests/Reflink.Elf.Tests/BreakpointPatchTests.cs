using Reflink.Elf.Tests.Made;
using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Elf.Tests;

public sealed class BreakpointPatchTests
{
    [Fact]
    public void A_breakpoint_replaces_the_first_byte_of_each_site_and_knows_the_file()
    {
        var elf = Made();
        var set = BreakpointPatch.Make(elf, FunctionSites.Find(elf));

        Assert.Equal(new PatchTarget("made", "abcd", elf.Size, elf.Content), set.Target);
        Assert.Equal(2, set.Count);
        Assert.Equal(0x1000, set.Offset(0));
        Assert.Equal([0x55], set.Old(0).ToArray());
        Assert.Equal([0xcc], set.New(0).ToArray());
        Assert.Equal("pushes", set.Name(0));
        Assert.Equal(0x1020, set.Offset(1));
    }

    [Fact]
    public void A_site_that_is_a_breakpoint_already_is_left_out()
    {
        var elf = Made();

        Assert.Equal(3, FunctionSites.Find(elf).Count);
        Assert.Equal(0, BreakpointPatch.Make(elf, [new Site(0x1010, 8)]).Count);
    }

    [Theory]
    [InlineData(0xfff)]
    [InlineData(0x1400)]
    [InlineData(-1)]
    [InlineData(1L << 60)]
    public void A_site_that_is_no_code_is_refused(long offset)
    {
        var failure = Assert.Throws<ReflinkException>(() => BreakpointPatch.Make(Made(), [new Site(offset, 8)]));

        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.Contains("is not code", failure.Message, StringComparison.Ordinal);
    }

    private static ElfFile Made()
    {
        var made = new MadeElf { BuildId = [0xab, 0xcd] };
        made.Text[0] = 0x55;
        made.Text[0x10] = 0xcc;
        for (var i = 0ul; i < 3; i++)
        {
            made.Symbols.Add(new(i == 0 ? "pushes" : null, MadeElf.TextAddress + (i * 0x10), 0x10));
        }

        return ElfFile.FromBytes("made", made.Build());
    }
}

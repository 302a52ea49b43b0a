using Reflink.Elf.Tests.Made;
using Reflink.Units;

namespace Reflink.Elf.Tests;

/// <summary>Code that the dynamic linker writes to: memory would not hold the file's bytes there, whichever patch it is.</summary>
public sealed class TextRelocationTests
{
    private const long Code = MadeElf.TextOffset;
    private const ulong Text = MadeElf.TextAddress;

    [Theory]
    [InlineData(8u, 0x10, 8)]
    [InlineData(1u, 0x10, 8)]
    [InlineData(2u, 0x10, 4)]
    [InlineData(0u, 0x10, 0)]
    public void Sites_under_a_relocation_are_refused_byte_by_byte(uint type, int at, int size)
    {
        var elf = Made(Relocation(Text + (ulong)at, type), isLoaded: true);
        Site[] sites = [.. Enumerable.Range(0, 0x20).Select(i => new Site(Code + i, 1))];
        var plan = BreakpointPatch.Plan(elf, sites);

        Assert.Equal(Enumerable.Range(at, size).Select(i => Code + i), plan.Misfits.Select(misfit => misfit.Site.Offset));
        Assert.All(plan.Misfits, misfit => Assert.Equal(
            (SiteObstacle.Relocated, "a relocation writes to 0x1010 when the program is loaded"), (misfit.Obstacle, misfit.Reason)));
        Assert.Equal(0x20 - size, plan.Patches.Count);
    }

    [Theory]
    [InlineData(0x0b, true)]
    [InlineData(0x0c, false)]
    [InlineData(0x17, false)]
    [InlineData(0x18, true)]
    public void A_jump_minds_all_its_bytes(int at, bool fits) => Assert.Equal(
        fits ? 0 : 1, JumpPatch.Plan(Made(Relocation(Text + 0x10, 8), isLoaded: true), [new(Code + at, 1)]).Misfits.Count(misfit => misfit.Obstacle == SiteObstacle.Relocated));

    [Fact]
    public void A_set_that_needs_all_sites_is_refused()
    {
        var failure = Assert.Throws<ReflinkException>(() => BreakpointPatch.Make(Made(Relocation(Text + 0x10, 8), isLoaded: true), [new(Code + 0x12, 1, "x")]));

        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.Contains("0x1012 (x): a relocation writes to 0x1010", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Relocations_of_data_and_those_that_nobody_applies_do_not_matter()
    {
        Assert.Empty(BreakpointPatch.Plan(Made(Relocation(Text + 0x10, 8), isLoaded: false), [new(Code + 0x10, 1)]).Misfits);
        Assert.Empty(BreakpointPatch.Plan(Made(Relocation(MadeElf.TableAddress + 0x10, 8), isLoaded: true), [new(Code + 0x10, 1)]).Misfits);
    }

    private static byte[] Relocation(ulong address, uint type) =>
        [.. BitConverter.GetBytes(address), .. BitConverter.GetBytes((ulong)type), .. BitConverter.GetBytes(Text)];

    private static ElfFile Made(byte[] relocation, bool isLoaded) => ElfFile.FromBytes(
        "made", new MadeElf { Extras = { new(".rela.dyn", 4, 0x400, relocation) { Flags = isLoaded ? 2ul : 0 } } }.Build());
}

using Reflink.Elf.Tests.Made;

namespace Reflink.Elf.Tests;

/// <summary>Files whose section headers are gone: the index of the frame table is what is left.</summary>
public sealed class FrameIndexTests
{
    private const ulong Text = MadeElf.TextAddress;
    private const uint IndexAddress = (uint)MadeElf.TableAddress + MadeElf.IndexOffset;

    [Fact]
    public void The_index_leads_to_the_functions_it_lists_and_to_no_others()
    {
        var (frames, second) = Frames();

        Assert.Equal([new Site(MadeElf.TextOffset + 0x40, 0x10)], Find(frames, Index(second)));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0x1b, 0xff, 0xff })]
    [InlineData(new byte[] { 1, 0x1b, 0x03, 0xff })]
    public void Without_a_list_the_table_is_read_from_its_begin(byte[] head)
    {
        var (frames, _) = Frames();

        Assert.Equal(2, Find(frames, [.. head, .. FramesPointer(), 2, 0, 0, 0]).Count);
    }

    [Fact]
    public void A_broken_index_is_refused()
    {
        var (frames, second) = Frames();
        var index = Index(second);

        Expect.NotUsable(() => Find(frames, [2, .. index[1..]]), "version 2");
        Expect.NotUsable(() => Find(frames, index[..^1]), "breaks off");
        Expect.NotUsable(() => Find(frames, [.. index[..8], 0xff, 0xff, 0xff, 0xff, .. index[12..]]), "breaks off");
        Expect.NotUsable(() => Find(frames, [.. index[..4], 0, 0, 0, 0x7f, .. index[8..]]), "is not mapped");
        Expect.NotUsable(() => Find(frames, [.. index[..16], 0, 0, 0, 0x7f]), "outside the frame table");
    }

    [Fact]
    public void Without_index_and_sections_there_are_no_sites() =>
        Expect.NotUsable(() => FunctionSites.Find(ElfFile.FromBytes("made", new MadeElf { HasSections = false }.Build())), "has no function");

    private static (MadeFrames Frames, ulong Second) Frames()
    {
        var frames = new MadeFrames();
        var cie = frames.Cie(0x1b);
        frames.Fde(cie, Text + 0x20, 0x20);
        var second = frames.Here;
        return (frames.Fde(cie, Text + 0x40, 0x10).End(), second);
    }

    /// <summary>Version 1; pointer to the table pcrel sdata4, count udata4, list datarel sdata4: what linkers write.</summary>
    private static byte[] Index(ulong fde) =>
        [1, 0x1b, 3, 0x3b, .. FramesPointer(), 1, 0, 0, 0, .. Relative(Text + 0x40), .. Relative(fde)];

    private static byte[] FramesPointer() => BitConverter.GetBytes((int)MadeElf.FramesAddress - (int)IndexAddress - 4);

    private static byte[] Relative(ulong address) => BitConverter.GetBytes((int)address - (int)IndexAddress);

    private static IReadOnlyList<Site> Find(MadeFrames frames, byte[] index)
    {
        var made = new MadeElf { Frames = frames.Bytes, FrameIndex = index, HasSections = false };
        return FunctionSites.Find(ElfFile.FromBytes("made", made.Build()));
    }
}

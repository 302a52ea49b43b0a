using Reflink.Elf.Tests.Made;
using Reflink.Units;

namespace Reflink.Elf.Tests;

public sealed class ElfFileTests
{
    [Fact]
    public void Code_is_what_executable_segments_take_from_the_file()
    {
        var elf = Parse(new MadeElf().Build());

        Assert.Equal([new FileRange(0x1000, 0x1400)], elf.ExecutableRanges);
        Assert.Equal(1, elf.TextPages);
        Assert.False(elf.IsExecutable(0xfff));
        Assert.True(elf.IsExecutable(0x1000));
        Assert.True(elf.IsExecutable(0x13ff));
        Assert.False(elf.IsExecutable(0x1400));
        Assert.False(elf.IsExecutable(-1));
    }

    [Theory]
    [InlineData(0xffffu, null)]
    [InlineData(0x10000u, 0L)]
    [InlineData(0x10fffu, 0xfffL)]
    [InlineData(0x11000u, null)]
    [InlineData(0x12000u, 0x1000L)]
    [InlineData(0x123ffu, 0x13ffL)]
    [InlineData(0x12400u, null)]
    [InlineData(0u, null)]
    public void Addresses_become_offsets_through_the_segment_that_holds_them(uint address, long? offset) =>
        Assert.Equal(offset, Parse(new MadeElf().Build()).OffsetOf(address));

    [Fact]
    public void Pages_at_the_ends_of_a_range_count_whole()
    {
        Assert.Equal(2, new FileRange(0xfff, 0x1001).Pages.Length);
        Assert.Equal(1, new FileRange(0x1000, 0x2000).Pages.Length);
        Assert.Equal(0, new FileRange(0x1001, 0x1001).Pages.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_build_id_is_found_in_a_segment_or_in_a_section(bool inSegment)
    {
        var made = new MadeElf { BuildId = [0xab, 1, 2], HasNoteSegment = inSegment };

        Assert.Equal("ab0102", Parse(made.Build()).BuildId);
    }

    [Fact]
    public void A_file_without_a_build_id_has_none() => Assert.Null(Parse(new MadeElf().Build()).BuildId);

    [Fact]
    public void Content_is_read_inside_the_file_only()
    {
        var elf = Parse(new MadeElf().Build());

        Assert.Equal([0x90], elf.Read(0x1000, 1).ToArray());
        Assert.Equal(0, elf.Read(elf.Size, 0).Length);
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => elf.Read(elf.Size, 1).Length).Error);
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => elf.Read(-1, 1).Length).Error);
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting_for_a_writer()
    {
        using var folder = new ScratchFolder("elf");
        var pipe = folder.Of("pipe");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        Assert.Contains("not an ELF file", Assert.Throws<ReflinkException>(() => ElfFile.Open(pipe)).Message, StringComparison.Ordinal);

        var link = File.CreateSymbolicLink(folder.Of("link"), pipe).FullName;
        Assert.Contains("not an ELF file", Assert.Throws<ReflinkException>(() => ElfFile.Open(link)).Message, StringComparison.Ordinal);
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, link);
        Assert.Contains("not an ELF file", Assert.Throws<ReflinkException>(() => ElfFile.Open(relative)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_of_proc_lead_to_files_although_they_have_no_length() =>
        Assert.Equal(ElfFile.Open(Environment.ProcessPath!).Content, ElfFile.Open("/proc/self/exe").Content);

    [Fact]
    public void A_missing_file_a_directory_and_a_text_are_told_apart()
    {
        var text = Path.GetTempFileName();
        File.WriteAllText(text, "#!/bin/sh\n");
        try
        {
            Assert.Equal(Errno.ENOENT, Assert.Throws<ReflinkException>(() => ElfFile.Open("/nowhere/at/all")).Error);
            Assert.Equal(Errno.EISDIR, Assert.Throws<ReflinkException>(() => ElfFile.Open(Path.GetTempPath())).Error);
            Assert.Contains("not an ELF file", Assert.Throws<ReflinkException>(() => ElfFile.Open(text)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(text);
        }
    }

    private static ElfFile Parse(byte[] bytes) => ElfFile.FromBytes("made", bytes);
}

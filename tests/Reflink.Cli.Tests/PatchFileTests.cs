using System.Diagnostics;
using Reflink.Elf;

namespace Reflink.Cli.Tests;

/// <summary>Patch sets in files: written, read again, and refused whole when they do not fit.</summary>
public sealed class PatchFileTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ElfFile _elf = ElfFile.Open(DefaultBinary.Find());

    // A byte of code, and what it is now.
    private long Offset => _elf.ExecutableRanges[0].Start + 64;

    private string Old => Convert.ToHexStringLower(_elf.Read(Offset, 1));

    private string New => Convert.ToHexStringLower([(byte)(_elf.Read(Offset, 1)[0] ^ 0xff)]);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_saved_set_gives_the_same_figures()
    {
        string[] small = ["compare", "--processes", "2", "--json", "--check"];
        var saved = Cli.Run([.. small, "--spread", "40", "--save-patches", _scratch.Path("set")]);
        Assert.Equal(["set"], _scratch.Names);
        var again = Cli.Run([.. small, "--patches", _scratch.Path("set"), "--save-patches", _scratch.Path("copy")]);

        Assert.Equal(0, saved.Code);
        Assert.Equal(saved, again);
        Assert.Equal(File.ReadAllText(_scratch.Path("set")), File.ReadAllText(_scratch.Path("copy")));
        Assert.Equal(40, File.ReadLines(_scratch.Path("set")).Count(l => l.StartsWith("0x", StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_build() => Refused($"build-id: 00ff\n0x{Offset:x} {Old} {New}", "is for build-id 00ff", _elf.BuildId!, "name that build");

    [Fact]
    public void Another_size() => Refused($"size: {_elf.Size + 1}\n0x{Offset:x} {Old} {New}", "is for a file of", $"has {_elf.Size}", "name that file");

    [Fact]
    public void Another_content() => Refused(
        $"build-id: {_elf.BuildId}\nsize: {_elf.Size}\nsha256: {new string('a', 64)}\n0x{Offset:x} {Old} {New}", "is for a file whose SHA-256 is aaaa", _elf.Content, "name that file");

    [Fact]
    public void Old_bytes_that_differ() => Refused(
        $"0x{Offset:x} {New} {Old} here\n0x{Offset + 1:x} 00112233445566 ffeeddccbbaa99", "2 of 2 patches", _elf.Path, $"0x{Offset:x} (here): expected {New}, found {Old}");

    [Fact]
    public void Entries_that_overlap() => Refused($"0x{Offset:x} {Old}00 {New}00\n0x{Offset + 1:x} 00 01", "overlap");

    [Fact]
    public void An_offset_past_the_end() => Refused(
        $"0x{_elf.Size:x} 00 cc", $"0x{_elf.Size:x}: ends at 0x{_elf.Size + 1:x}, but the file ends at 0x{_elf.Size:x}");

    [Fact]
    public void An_offset_outside_of_the_code() => Refused(
        "0x0 7f cc", "0x0: lies outside of the executable segments", $"0x{_elf.ExecutableRanges[0].Start:x} to 0x{_elf.ExecutableRanges[0].End:x}");

    [Fact]
    public void An_entry_that_only_begins_in_the_code()
    {
        var last = _elf.ExecutableRanges[0].End - 1;
        Refused($"0x{last:x} {Convert.ToHexStringLower(_elf.Read(last, 2))} 0102", $"0x{last:x}: lies outside of the executable segments");
    }

    [Fact]
    public void A_line_that_is_no_entry() => Refused("0x10 zz cc", ":2: expected old bytes in hexadecimal");

    [Fact]
    public void No_entries() => Refused("", "has no patches");

    [Fact]
    public void A_file_that_is_not_there() =>
        Cli.Run("compare", "--patches", _scratch.Path("gone")).Refused(1, $"'{_scratch.Path("gone")}' cannot be read");

    [Fact]
    public void A_place_that_cannot_be_written()
    {
        Cli.Run("compare", "--spread", "3", "--save-patches", _scratch.Path("no/where")).Refused(1, _scratch.Path("no/where"), "there is no folder");
        Assert.Empty(_scratch.Names);
    }

    [Fact]
    public void A_place_that_is_a_directory()
    {
        var inside = Directory.CreateDirectory(_scratch.Path("directory")).FullName;
        Cli.Run("compare", "--spread", "3", "--save-patches", inside).Refused(1, $"'{inside}' is a directory");
        Assert.Empty(_scratch.Names);
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced()
    {
        var file = _scratch.Write("file", "old");
        File.CreateSymbolicLink(_scratch.Path("link"), "file");

        Assert.Equal(0, Cli.Run("compare", "--spread", "3", "--processes", "1", "--save-patches", _scratch.Path("link")).Code);
        Assert.Equal("file", new FileInfo(_scratch.Path("link")).LinkTarget);
        Assert.StartsWith("reflink-patch-set", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(["file", "link"], _scratch.Names);
    }

    [Fact]
    public async Task A_pipe_is_written_to_and_stays()
    {
        var pipe = _scratch.Path("pipe");
        using (var make = Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        using var process = Cli.Start("compare", "--spread", "3", "--processes", "1", "--save-patches", pipe);
        var written = Task.Run(() => File.ReadAllText(pipe));
        Assert.Equal(0, process.Finish().Code);
        Assert.StartsWith("reflink-patch-set 1\n", await written, StringComparison.Ordinal);
        Assert.Equal(["pipe"], _scratch.Names);
    }

    private void Refused(string entries, params string[] parts)
    {
        var path = _scratch.Write("bad", $"reflink-patch-set 1\n{entries}\n");
        Cli.Run("compare", "--patches", path).Refused(1, [path, .. parts]);
    }
}

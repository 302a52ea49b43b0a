using System.Diagnostics;
using Reflink.Elf.Tests.Made;
using Reflink.Units;

namespace Reflink.Elf.Tests;

/// <summary>
/// Stripped libraries whose names are elsewhere: versions of exports, and a compressed symbol table. Two small ones come with the tests
/// (made by the commands below), and others are made where gcc, strip, objcopy and xz are.
/// </summary>
public sealed class StrippedFileTests : IDisposable
{
    private const string Flags = "-O1 -shared -fPIC -nostdlib -Wl,-z,noseparate-code";

    private const string Versioned = """
        __asm__(".symver f_old,f@V1\n.symver f_new,f@@V2");
        __attribute__((noinline)) int f_old(int a) { return a + 1; }
        __attribute__((noinline)) int f_new(int a) { return a * 3 + 2; }
        int other(int a) { return f_new(a) + f_old(a) * 5; }
        """;

    private const string VersionMap = "V1 { global: f; other; local: *; };\nV2 { global: f; } V1;\n";

    private const string Static = """
        static __attribute__((noinline, used)) int stat_fn(int a) { return a * 7 + 1; }
        int exported(int a) { return stat_fn(a) + 2; }
        """;

    private readonly ScratchFolder _folder = new("stripped");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("f@V1", 0x334)]
    [InlineData("f@@V2", 0x338)]
    [InlineData("f", 0x338)]
    [InlineData("other", 0x33d)]
    [InlineData("other@@V1", 0x33d)]
    public void Versions_of_an_export_are_told_apart(string name, long offset) => Assert.Equal(offset, Offset(Shipped("versions.so"), name));

    [Theory]
    [InlineData("stat_fn", 0x252)]
    [InlineData("exported", 0x25f)]
    public void A_compressed_symbol_table_names_what_is_not_exported(string name, long offset) => Assert.Equal(offset, Offset(Shipped("minidebug.so"), name));

    [Fact]
    public void Functions_of_a_compressed_symbol_table_and_exports_are_sites() =>
        Assert.Equal(["stat_fn", "exported"], SiteFinder.Find(Shipped("minidebug.so"), SiteKind.Functions).Select(site => site.Name));

    [Fact]
    public void A_damaged_compressed_symbol_table_is_refused()
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Files", "minidebug.so"));
        var start = bytes.AsSpan().IndexOf(new byte[] { 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0 });
        bytes.AsSpan(start + 40, 16).Fill(0xff);
        var failure = Assert.Throws<ReflinkException>(() => SiteFinder.Find(ElfFile.FromBytes("made", bytes), SiteKind.Functions));
        Assert.Equal(Errno.ENOEXEC, failure.Error);
        Assert.Contains(".gnu_debugdata cannot be unpacked", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(40)]
    [InlineData(300)]
    [InlineData(400)]
    public void A_compressed_symbol_table_that_ends_early_is_refused(int length)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Files", "minidebug.so"));
        var start = bytes.AsSpan().IndexOf(new byte[] { 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0 });
        var made = new MadeElf { Extras = { new MadeSection(".gnu_debugdata", 1, 0, bytes[start..(start + length)]) } };
        var failure = Assert.Throws<ReflinkException>(() => SiteFinder.Find(ElfFile.FromBytes("made", made.Build()), SiteKind.Functions));
        Assert.Contains(".gnu_debugdata cannot be unpacked", failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_stripped_library_answers_as_it_did_before_it_was_stripped()
    {
        Write("v.c", Versioned);
        Write("v.map", VersionMap);
        Run("gcc", $"{Flags} -Wl,--version-script=v.map -o v.so v.c");
        File.Copy(_folder.Of("v.so"), _folder.Of("stripped.so"));
        Run("strip", "stripped.so");
        AssertSame("v.so", "stripped.so", "f", "f@V1", "f@@V2", "other");
    }

    [SkippableFact]
    public void A_library_with_a_compressed_symbol_table_answers_as_it_did_before_it_was_stripped()
    {
        Write("m.c", Static);
        Write("keep", "stat_fn\n");
        Run("gcc", $"{Flags} -o m.so m.c");
        Run("objcopy", "--only-keep-debug m.so m.debug");
        Run("objcopy", "-S --remove-section .comment --keep-symbols=keep m.debug mini");
        Run("xz", "-zk mini");
        File.Copy(_folder.Of("m.so"), _folder.Of("stripped.so"));
        Run("strip", "stripped.so");
        Run("objcopy", "--add-section .gnu_debugdata=mini.xz stripped.so");
        AssertSame("m.so", "stripped.so", "stat_fn", "exported");
    }

    private static ElfFile Shipped(string name) => ElfFile.Open(Path.Combine(AppContext.BaseDirectory, "Files", name));

    private static long Offset(ElfFile elf, string name) => Assert.Single(SitePlace.Parse(name).Find(elf)).Offset;

    private void AssertSame(string whole, string stripped, params string[] names)
    {
        var (before, after) = (ElfFile.Open(_folder.Of(whole)), ElfFile.Open(_folder.Of(stripped)));
        Assert.All(names, name => Assert.Equal(Offset(before, name), Offset(after, name)));
    }

    private void Write(string name, string text) => File.WriteAllText(_folder.Of(name), text);

    private void Run(string program, string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Path, RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Skip.IfNot(process.ExitCode == 0, $"{program} {arguments}: {said}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip.If(true, $"{program} is not on this machine");
        }
    }
}

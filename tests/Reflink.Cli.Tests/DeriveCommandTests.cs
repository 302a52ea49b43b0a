namespace Reflink.Cli.Tests;

/// <summary>Descriptions in files, and the files that are made of them.</summary>
public sealed class DeriveCommandTests : IDisposable
{
    private const int P = 4096;
    private readonly Scratch _scratch = new();
    private readonly byte[] _old = new byte[(20 * P) + 100];
    private readonly byte[] _new;

    public DeriveCommandTests()
    {
        new Random(1).NextBytes(_old);
        _new = [.. "front"u8, .. _old.AsSpan(0, 9000), .. "instead"u8, .. _old.AsSpan(9007)];
        _scratch.Write("old", _old);
        _scratch.Write("new", _new);
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("binary")]
    public void A_difference_is_shown_checked_converted_and_applied(string format)
    {
        Cli.Run("derive", "diff", _scratch.Path("old"), _scratch.Path("new"), "--expect", "bytes", "--format", format, "--output", _scratch.Path("changes")).Succeeded();
        var shown = Cli.Run("derive", "show", _scratch.Path("changes")).Succeeded().Output;
        Assert.Contains($"size     {_new.Length:n0} bytes\n", shown, StringComparison.Ordinal);
        Assert.Contains("data     12 bytes in 2 pieces\n", shown, StringComparison.Ordinal);
        Assert.Contains("expects  7 bytes in 1 range\n", shown, StringComparison.Ordinal);
        Assert.Contains("\"literalBytes\": 12,", Cli.Run("derive", "show", "--json", _scratch.Path("changes")).Succeeded().Output, StringComparison.Ordinal);
        Assert.StartsWith("fits: ", Cli.Run("derive", "check", _scratch.Path("changes"), _scratch.Path("old")).Succeeded().Output, StringComparison.Ordinal);
        Cli.Run("derive", "apply", _scratch.Path("changes"), _scratch.Path("old"), "--output", _scratch.Path("out")).Succeeded();
        Assert.Equal(_new, File.ReadAllBytes(_scratch.Path("out")));
        Cli.Run("derive", "convert", _scratch.Path("changes"), "--format", "binary", "--output", _scratch.Path("again")).Succeeded();
        Assert.Equal(shown, Cli.Run("derive", "show", _scratch.Path("again")).Succeeded().Output);
    }

    [Fact]
    public void A_base_that_does_not_fit_is_named_with_the_first_byte()
    {
        Cli.Run("derive", "diff", _scratch.Path("old"), _scratch.Path("new"), "--expect", "bytes", "--output", _scratch.Path("changes")).Succeeded();
        _old[9002] ^= 1;
        _scratch.Write("old", _old);
        Cli.Run("derive", "check", _scratch.Path("changes"), _scratch.Path("old")).Refused(1, "ESTALE", "at 9002 (0x232a)");
        Cli.Run("derive", "apply", _scratch.Path("changes"), _scratch.Path("old"), "--output", _scratch.Path("out")).Refused(1, "ESTALE");
        Assert.False(File.Exists(_scratch.Path("out")));
        Cli.Run("derive", "check", _scratch.Path("changes"), _scratch.Path("old"), _scratch.Path("new")).Refused(1, "ESTALE");
        Cli.Run("derive", "show", _scratch.Path("old")).Refused(1, "EINVAL", "no description");
    }

    [Fact]
    public void Files_that_share_nothing_and_holes_are_applied_as_others_and_the_targets_mode_stays()
    {
        _scratch.Write("other", [.. Enumerable.Repeat((byte)'x', 100)]);
        Cli.Run("derive", "diff", _scratch.Path("old"), _scratch.Path("other"), "--output", _scratch.Path("changes")).Succeeded();
        File.WriteAllText(_scratch.Path("out"), "private");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_scratch.Path("out"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Cli.Run("derive", "apply", _scratch.Path("changes"), _scratch.Path("old"), "--output", _scratch.Path("out")).Succeeded();
        Assert.Equal(File.ReadAllBytes(_scratch.Path("other")), File.ReadAllBytes(_scratch.Path("out")));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(_scratch.Path("out")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        _scratch.Write("edits", "reflink-change-description 1\nbase name=/a\ntruncate 0x10000000000\n");
        Cli.Run("derive", "apply", _scratch.Path("edits"), _scratch.Path("old"), "--output", _scratch.Path("out")).Succeeded();
        Assert.Equal(1L << 40, new FileInfo(_scratch.Path("out")).Length);
    }

    [Fact]
    public void A_second_base_is_found_though_nothing_is_copied_from_the_first()
    {
        _scratch.Write("edits", "reflink-change-description 1\nbase name=/a\nbase name=/b\ntruncate 0\nclone 1 0 5000 0\n");
        Cli.Run("derive", "apply", _scratch.Path("edits"), _scratch.Path("old"), _scratch.Path("new"), "--output", _scratch.Path("out")).Succeeded();
        Assert.Equal(_new[..5000], File.ReadAllBytes(_scratch.Path("out")));
        var disk = _scratch.Path("disk");
        Cli.Run("volume", "put", disk, _scratch.Path("old"), "/a").Refused(1, "ENOENT", "volume create");
        Assert.False(Directory.Exists(disk));
        Cli.Run("volume", "create", disk).Succeeded();
        Cli.Run("volume", "put", disk, _scratch.Path("old"), "/a").Succeeded();
        Cli.Run("volume", "put", disk, _scratch.Path("new"), "/x").Succeeded();
        Cli.Run("volume", "derive", disk, "/a", "/made", "--base", "/x", "--from", _scratch.Path("edits")).Succeeded();
        Cli.Run("volume", "get", disk, "/made", _scratch.Path("out")).Succeeded();
        Assert.Equal(_new[..5000], File.ReadAllBytes(_scratch.Path("out")));
    }

    [Fact]
    public void Changes_of_one_build_are_moved_to_another()
    {
        byte[] other = [.. "inserted before"u8, .. _old];
        _scratch.Write("other", other);
        Cli.Run("derive", "diff", _scratch.Path("old"), _scratch.Path("new"), "--expect", "hash", "--context", "16", "--output", _scratch.Path("changes")).Succeeded();
        Cli.Run("derive", "rebase", _scratch.Path("changes"), _scratch.Path("other"), "--output", _scratch.Path("moved")).Succeeded();
        Cli.Run("derive", "apply", _scratch.Path("moved"), _scratch.Path("other"), "--output", _scratch.Path("out")).Succeeded();
        Assert.Equal([.. "front"u8, .. other.AsSpan(0, 9015), .. "instead"u8, .. other.AsSpan(9022)], File.ReadAllBytes(_scratch.Path("out")));
        Cli.Run("derive", "rebase", _scratch.Path("changes"), _scratch.Path("changes")).Refused(1, "EINVAL", "cannot be moved", "nowhere in the other version");
    }

    [Fact]
    public void A_file_of_a_volume_is_made_from_edits()
    {
        _scratch.Write("edits.json", """
            { "format": "reflink-change-description 1", "bases": [ { } ],
              "edits": [ { "do": "write", "offset": "0x1005", "text": "traced" }, { "do": "append", "bytes": "00" } ] }
            """);
        var disk = _scratch.Path("disk");
        Cli.Run("volume", "create", disk).Succeeded();
        Cli.Run("volume", "put", disk, _scratch.Path("old"), "/lib.so").Succeeded();
        Assert.Matches("size +82021\n", Cli.Run("volume", "derive", disk, "/lib.so", "/lib-traced.so", "--from", _scratch.Path("edits.json")).Succeeded().Output);
        Assert.Contains("encoded", Cli.Run("volume", "extents", disk, "/lib-traced.so").Succeeded().Output, StringComparison.Ordinal);
        Cli.Run("volume", "get", disk, "/lib-traced.so", _scratch.Path("out")).Succeeded();
        byte[] expected = [.. _old.AsSpan(0, P + 5), .. "traced"u8, .. _old.AsSpan(P + 11), 0];
        Assert.Equal(expected, File.ReadAllBytes(_scratch.Path("out")));
        Assert.Equal("2 pages were made\n", Cli.Run("volume", "materialize", disk, "/lib-traced.so").Succeeded().Output);
        Assert.DoesNotContain("encoded", Cli.Run("volume", "extents", disk, "/lib-traced.so").Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal("no damage\n", Cli.Run("volume", "fsck", disk).Succeeded().Output);
        Cli.Run("volume", "derive", disk, "/no", "/x", "--from", _scratch.Path("edits.json")).Refused(1, "ENOENT");
        Cli.Run("volume", "derive", disk, "/lib.so", "/lib-traced.so", "--from", _scratch.Path("edits.json")).Refused(1, "EEXIST");
    }

    [Fact]
    public void A_patch_set_on_standard_input_gives_a_patched_file()
    {
        _scratch.Write("set", $"reflink-patch-set 1\n0x1005 {Convert.ToHexStringLower(_old.AsSpan(P + 5, 1))} cc\n");
        var disk = _scratch.Path("disk");
        Cli.Run("volume", "create", disk).Succeeded();
        Cli.Run("volume", "put", disk, _scratch.Path("old"), "/lib.so").Succeeded();
        using (var running = Cli.Start(redirectInput: true, "volume", "derive", disk, "/lib.so", "/patched", "--from", "-"))
        {
            running.StandardInput.Write(File.ReadAllText(_scratch.Path("set")));
            running.StandardInput.Close();
            running.Finish().Succeeded();
        }

        Cli.Run("volume", "get", disk, "/patched", _scratch.Path("out")).Succeeded();
        Assert.Equal((byte)0xcc, File.ReadAllBytes(_scratch.Path("out"))[P + 5]);
        _scratch.Write("set", "reflink-patch-set 1\n0x1005 00 cc\n0x1006 00 cc\n0x1007 00 cc\n");
        Cli.Run("volume", "derive", disk, "/lib.so", "/other", "--from", _scratch.Path("set")).Refused(1, "ESTALE", "where 00 was expected");
    }
}

using Xunit;

namespace Reflink.Elf.Tests;

/// <summary>The numbers of the reference, counted independently of this library, on the very builds they were counted on.</summary>
public sealed class RealFileTests
{
    private const int Spread = 30_000;
    private const string Libjvm17Path = "/usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so";
    private const string Libjvm17 = "97da31b249941f25ff26a6126471221bb579d67f";

    [SkippableTheory]
    [InlineData(Libjvm17Path, Libjvm17, 3411, 41404, 3058, 2992)]
    [InlineData("/usr/lib/jvm/temurin-25-jdk-amd64/lib/server/libjvm.so", "cc370ed13824fae0d65fd64357a9bdf1a732eac0", 4236, 50492, 3819, 3692)]
    [InlineData("/usr/bin/node", "ebeaf2df364d5eeb7096f0f7722a69eec6efdf3b", 6799, 74724, 6136, 5790)]
    [InlineData("/usr/lib/x86_64-linux-gnu/libc.so.6", "93ac61ec5a8eb1396f9fbd350e3169a558528a40", 342, 2178, 199, 199)]
    public void Sites_and_pages_are_those_of_the_reference(
        string path, string buildId, long textPages, int sites, long pages, long spreadPages)
    {
        Skip.IfNot(File.Exists(path), $"{path} is not on this machine");
        var elf = ElfFile.Open(path);
        Skip.IfNot(elf.BuildId == buildId, $"{path} is build {elf.BuildId}; the numbers are of {buildId}");
        var all = FunctionSites.Find(elf, SiteSource.Symbols);

        Assert.Equal(textPages, elf.TextPages);
        Assert.Equal(sites, all.Count);
        Assert.Equal(pages, BreakpointPatch.Make(elf, all).CountPages());
        Assert.Equal(spreadPages, BreakpointPatch.Make(elf, FunctionSites.Spread(all, Spread)).CountPages());
    }

    [Fact]
    public void The_runtime_that_runs_this_has_sites()
    {
        var elf = ElfFile.Open(DefaultBinary.Find());
        var sites = FunctionSites.Find(elf);
        var set = BreakpointPatch.Make(elf, sites);

        Assert.NotNull(elf.BuildId);
        Assert.Equal(sites.Count(site => elf.Read(site.Offset, 1)[0] != BreakpointPatch.Opcode), set.Count);
        Assert.InRange(set.CountPages(), elf.TextPages / 2, elf.TextPages);
        Assert.Equal(sites.Select(site => site.Offset).Order(), sites.Select(site => site.Offset));
        Assert.True(sites.Count > 10 * FunctionSites.Find(elf, SiteSource.Symbols).Count, "the frame table gives no more than the exports");
    }

    /// <summary>Two sources that were written by different parts of the tool chain must mean the same functions.</summary>
    [SkippableFact]
    public void The_frame_table_agrees_with_the_symbols_where_both_are_there()
    {
        Skip.IfNot(File.Exists(Libjvm17Path), $"{Libjvm17Path} is not on this machine");
        var elf = ElfFile.Open(Libjvm17Path);
        Skip.IfNot(elf.BuildId == Libjvm17, $"{Libjvm17Path} is build {elf.BuildId}; only of {Libjvm17} it is known that all its code has frames");

        Assert.Equal(
            FunctionSites.Find(elf, SiteSource.Symbols).Select(site => site.Offset),
            FunctionSites.Find(elf, SiteSource.Frames).Select(site => site.Offset));
    }
}

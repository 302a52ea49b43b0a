
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

    /// <summary>Of libjvm 17 the two probes of GetVersion lie one byte apart, and 3 probes within 5 bytes of an entry among the 30,000.</summary>
    [SkippableTheory]
    [InlineData(Libjvm17Path, Libjvm17, 531, 517, 63, 0)]
    [InlineData("/usr/lib/jvm/temurin-25-jdk-amd64/lib/server/libjvm.so", "cc370ed13824fae0d65fd64357a9bdf1a732eac0", 566, 523, 59, 0)]
    [InlineData("/usr/lib/postgresql/15/bin/postgres", "44c007cfee140e4c25e8a434008096828e70a92c", 71, 57, 28, 57)]
    [InlineData("/usr/bin/python3.11", "571d98e01096d5c1c32420d229a6731a0a50d2a0", 8, 8, 5, 8)]
    [InlineData("/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "289ee39f8c07bd4fa48102dfeeb7e6f9c76158b4", 3, 3, 2, 0)]
    public void Probes_and_pages_are_those_of_the_reference(string path, string buildId, int sites, int probes, long pages, int semaphores)
    {
        Skip.IfNot(File.Exists(path), $"{path} is not on this machine");
        var elf = ElfFile.Open(path);
        Skip.IfNot(elf.BuildId == buildId, $"{path} is build {elf.BuildId}; the numbers are of {buildId}");
        var all = SiteFinder.Find(elf, SiteKind.Sdt);
        var set = BreakpointPatch.Make(elf, all);

        Assert.Equal(sites, all.Count);
        Assert.Equal(probes, all.Select(site => site.Name).Distinct().Count());
        Assert.Equal(semaphores, all.Select(site => site.Semaphore).OfType<long>().Distinct().Count());
        Assert.Equal(sites, set.Count);
        Assert.Equal(pages, set.CountPages());
        Assert.All(all, site => Assert.Equal(0x90, elf.Read(site.Offset, 1)[0]));
    }

    [SkippableFact]
    public void The_conflicts_of_the_reference_are_there_and_breakpoints_avoid_the_first()
    {
        Skip.IfNot(File.Exists(Libjvm17Path), $"{Libjvm17Path} is not on this machine");
        var elf = ElfFile.Open(Libjvm17Path);
        Skip.IfNot(elf.BuildId == Libjvm17, $"{Libjvm17Path} is build {elf.BuildId}; the conflicts are of {Libjvm17}");
        var probes = SiteFinder.Find(elf, SiteKind.Sdt);
        var entries = FunctionSites.Spread(FunctionSites.Find(elf), Spread).Select(site => site.Offset).ToHashSet();
        var apart = Assert.Single(probes.Zip(probes.Skip(1)), pair => pair.Second.Offset - pair.First.Offset < FunctionSites.MinimumSize);

        Assert.Equal(
            ["hotspot_jni:GetVersion__entry", "hotspot_jni:GetVersion__return"], new[] { apart.First.Name, apart.Second.Name }.Order(StringComparer.Ordinal));
        Assert.Equal(1, apart.Second.Offset - apart.First.Offset);
        Assert.Equal(3, probes.Count(probe => Enumerable.Range(0, FunctionSites.MinimumSize).Any(i => entries.Contains(probe.Offset - i))));
        Assert.Equal(2, BreakpointPatch.Make(elf, [apart.First, apart.Second]).Count);
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

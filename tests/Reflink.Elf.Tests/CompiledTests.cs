using System.Diagnostics;

namespace Reflink.Elf.Tests;

/// <summary>What the compilers of this machine make of a small program; a nop sled is known by its bytes as well.</summary>
public sealed class CompiledTests : IDisposable
{
    private const string Source = "int one(int x) { return x + 1; }\nint two(int x) { return one(x) * 2; }\nint main(int c, char **v) { return two(c); }\n";
    private static readonly string[] s_clangs = ["clang", .. Enumerable.Range(12, 14).Reverse().Select(version => $"clang-{version}")];
    private readonly ScratchFolder _folder = new("elf");

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("-fpatchable-function-entry=5,0", 5, 0)]
    [InlineData("-fpatchable-function-entry=5,0 -pie -fPIE", 5, 0)]
    [InlineData("-fpatchable-function-entry=5,0 -no-pie -fno-pie", 5, 0)]
    [InlineData("-fpatchable-function-entry=16,14 -shared -fPIC", 16, 14)]
    [InlineData("-fpatchable-function-entry=5,0 -shared -fPIC -fcf-protection=full", 5, 0)]
    public void Patchable_entries_of_gcc(string options, int size, int before) => Patchable(Compile(["gcc"], options), size, before);

    [SkippableTheory]
    [InlineData("-fpatchable-function-entry=5 -fPIC -shared", 5, 0)]
    [InlineData("-fpatchable-function-entry=4,2 -fPIC -shared", 4, 2)]
    public void Patchable_entries_of_clang(string options, int size, int before) => Patchable(Compile(s_clangs, options), size, before);

    [SkippableFact]
    public void Sleds_of_clang()
    {
        var elf = Compile(s_clangs, "-fxray-instrument -fxray-instruction-threshold=1 -shared -fPIC -nostdlib");
        var sites = SiteFinder.Find(elf, SiteKind.Xray);

        Assert.Equal(["main", "one", "two"], sites.Where(site => site.Detail == "entry").Select(site => site.Name).Order(StringComparer.Ordinal));
        Assert.Equal(3, sites.Count(site => site.Detail is "exit" or "tail-exit"));
        Assert.All(sites, site => Assert.Equal(11, site.Size));
        Assert.All(sites, site => Assert.Equal(site.Detail == "exit" ? 0xc3 : 0xeb, elf.Read(site.Offset, 1)[0]));
        Assert.Equal(6, BreakpointPatch.Make(elf, sites).Count);
    }

    private static void Patchable(ElfFile elf, int size, int before)
    {
        var sites = SiteFinder.Find(elf, SiteKind.Patchable);
        var functions = FunctionSites.Find(elf, SiteSource.Symbols).Where(f => f.Name is "one" or "two" or "main").ToDictionary(f => f.Name!, f => f.Offset);

        Assert.Equal(["main", "one", "two"], sites.Select(site => site.Name).Order(StringComparer.Ordinal));
        Assert.All(sites, site => Assert.Equal(size, site.Size));

        // A landing pad for indirect branches (endbr64) may stand between the label and the no-ops.
        Assert.All(sites, site => Assert.Contains(site.Offset + before - functions[site.Name!], new long[] { 0, 4 }));
        Assert.Equal(3, BreakpointPatch.Make(elf, sites).Count);
    }

    private ElfFile Compile(string[] compilers, string options)
    {
        var source = _folder.Of("a.c");
        var target = _folder.Of("a.out");
        File.WriteAllText(source, Source);
        var compiler = Array.Find(compilers, IsThere);
        Skip.If(compiler is null, $"none of {string.Join(", ", compilers)} is on this machine");
        using var process = Process.Start(new ProcessStartInfo(compiler!, $"-O1 {options} -o {target} {source}") { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Skip.IfNot(process.ExitCode == 0, $"{compiler} cannot compile with {options}: {said}");
        return ElfFile.Open(target);
    }

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}

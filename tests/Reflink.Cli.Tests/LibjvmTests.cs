using System.Text.Json;
using Reflink.Elf;

namespace Reflink.Cli.Tests;

/// <summary>The figures that the live kernel showed for 30,000 sites of libjvm in 50 processes (reference/patching.md §4).</summary>
public sealed class LibjvmTests
{
    private const string Libjvm = "/usr/lib/jvm/java-17-openjdk-amd64/lib/server/libjvm.so";
    private const string BuildId = "97da31b249941f25ff26a6126471221bb579d67f";

    [SkippableFact]
    public void The_model_gives_the_figures_of_the_live_kernel()
    {
        Skip.IfNot(File.Exists(Libjvm), $"{Libjvm} is not on this machine");
        var found = ElfFile.Open(Libjvm).BuildId;
        Skip.IfNot(found == BuildId, $"{Libjvm} is build {found}; the figures are of {BuildId}");

        var result = Cli.Run("compare", "--binary", Libjvm, "--mechanisms", "private,text-poke,delta", "--json").Succeeded();
        using var json = JsonDocument.Parse(result.Output);
        var root = json.RootElement;
        Assert.Equal(3411, root.GetProperty("binary").GetProperty("textPages").GetInt64());
        Assert.Equal([30_000, 2992, 50, 5], Values(root, "sites", "patchedPages", "processes", "users"));
        var mechanisms = root.GetProperty("mechanisms").EnumerateArray().ToList();
        Assert.All(mechanisms, m => Assert.Equal(13_971_456, m.GetProperty("pssBytesBefore").GetInt64()));
        Assert.All(mechanisms, m => Assert.Equal("13.28", Mebibytes(m, "smapsPssKiBBefore")));

        Assert.Equal("585.99", Mebibytes(mechanisms[0], "smapsPssKiB"));
        Assert.Equal([149_600, 149_600, 0], Values(mechanisms[0], "privateFrames", "framesAfterRevert", "framesAfterExit"));

        Assert.Equal("13.28", Mebibytes(mechanisms[1], "smapsPssKiB"));
        Assert.Equal(
            [2992, 0, 1, 0, 2992, 0, 2992],
            Values(
                mechanisms[1], "patchedFrames", "privateFrames", "vmasPerProcess", "framesAfterRevert", "cachedAfterRevert",
                "framesAfterExit", "cachedAfterExit"));
        Assert.Equal(Values(mechanisms[1], "totalFrames"), Values(mechanisms[1], "peakFrames"));

        // The live kernel needed 430 mappings for the patched pages and what lies between them.
        Assert.Equal(
            [2992, 0, 430, 0, 0, 0],
            Values(
                mechanisms[2], "patchedFrames", "privateFrames", "vmasPerProcess", "framesAfterRevert", "cachedAfterRevert",
                "framesAfterExit"));
    }

    /// <summary>The probes of libjvm: 531 sites on 63 pages in 50 processes.</summary>
    [SkippableFact]
    public void Probes_cost_what_they_cost_on_the_live_kernel()
    {
        Skip.IfNot(File.Exists(Libjvm), $"{Libjvm} is not on this machine");
        var found = ElfFile.Open(Libjvm).BuildId;
        Skip.IfNot(found == BuildId, $"{Libjvm} is build {found}; the figures are of {BuildId}");

        var result = Cli.Run("compare", "--binary", Libjvm, "--sites", "sdt", "--mechanisms", "private,text-poke,delta", "--json").Succeeded();
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal([531, 63, 50], Values(json.RootElement, "sites", "patchedPages", "processes"));
        var mechanisms = json.RootElement.GetProperty("mechanisms").EnumerateArray().ToList();
        Assert.Equal("13.28", Mebibytes(mechanisms[0], "smapsPssKiBBefore"));
        Assert.Equal("25.34", Mebibytes(mechanisms[0], "smapsPssKiB"));
        Assert.Equal(3150, Values(mechanisms[0], "privateFrames")[0]);
        Assert.Equal([63, 0, 1, 0], Values(mechanisms[1], "patchedFrames", "privateFrames", "vmasPerProcess", "framesAfterRevert"));
        Assert.Equal([63, 0, 41, 0], Values(mechanisms[2], "patchedFrames", "privateFrames", "vmasPerProcess", "framesAfterRevert"));
    }

    private static long[] Values(JsonElement element, params string[] names) => [.. names.Select(n => element.GetProperty(n).GetInt64())];

    private static string Mebibytes(JsonElement element, string name) => $"{element.GetProperty(name).GetInt64() / 1024.0:f2}";
}

using System.Text.Json;

namespace Reflink.Cli.Tests;

/// <summary>'reflink compare --live': real processes on the running kernel take what the model says.</summary>
public sealed class LiveCompareTests
{
    private const string Folders = "reflink-live-*";

    [SkippableFact]
    public void Memory_and_mappings_of_real_processes_are_the_models()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs Linux");
        var before = Directory.GetDirectories(Path.GetTempPath(), Folders);
        using var json = JsonDocument.Parse(Cli.Run("compare", "--live", "--processes", "4", "--spread", "500", "--profiles", "2", "--mechanisms", "flags,private,copied-file,delta,text-poke", "--json").Succeeded().Output);
        var live = json.RootElement.GetProperty("live");
        var model = json.RootElement.GetProperty("mechanisms").EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!);
        long Model(JsonElement row, string name) => model[row.GetProperty("name").GetString()!].GetProperty(name).GetInt64();
        var rows = live.GetProperty("mechanisms").EnumerateArray().ToList();

        Assert.Equal(["flags", "private", "copied-file", "delta"], rows.Select(row => row.GetProperty("name").GetString()));
        Assert.All(rows, row =>
        {
            Assert.Equal(Model(row, "privateDirtyBytes") >> 10, row.GetProperty("privateDirtyKiB").GetInt64());
            Assert.Equal(Model(row, "vmasPerProcess"), row.GetProperty("mappingsPerProcess").GetInt64());
            Assert.Equal(Model(row, "smapsPssKiB"), row.GetProperty("pssKiB").GetInt64());
            Assert.True(row.GetProperty("comparedBytes").GetInt64() > 0);
        });
        Assert.Equal("is in no kernel", Assert.Single(live.GetProperty("notTried").EnumerateArray()).GetProperty("reason").GetString());
        Assert.Equal(before, Directory.GetDirectories(Path.GetTempPath(), Folders));
    }

    [SkippableTheory]
    [InlineData(2, 130)]
    [InlineData(9, 137)]
    public void However_it_ends_its_processes_end_and_its_files_go(int signal, int code)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs Linux");
        var before = Directory.GetDirectories(Path.GetTempPath(), Folders).ToHashSet();
        string[] Left() => [.. Directory.GetDirectories(Path.GetTempPath(), Folders).Where(folder => !before.Contains(folder))];
        using var running = Cli.Start("compare", "--live", "--processes", "40", "--spread", "100", "--mechanisms", "private");
        running.WaitUntil(() => Left().Length > 0);
        running.Signal(signal);
        Assert.Equal(code, running.Finish().Code);
        Assert.True(SpinWait.SpinUntil(() => Left().Length == 0, TimeSpan.FromMinutes(1)), $"{string.Join(", ", Left())} is left");
    }
}

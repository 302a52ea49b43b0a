using System.IO.Abstractions.TestingHelpers;
using System.Runtime.CompilerServices;

namespace Reflink.IO.Abstractions.Tests.Peers;

/// <summary>The table of the README: where MockFileSystem differs from System.IO, and a volume does not.</summary>
public sealed class MockTests
{
    private const string Begin = "<!-- differences: begin -->\n";
    private const string End = "<!-- differences: end -->";

    [SkippableFact]
    public void The_table_of_the_README_is_what_the_three_filesystems_do()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "a volume does what root may do on Linux");
        using var scratch = new ScratchFolder("peers");
        var (rows, wrong) = (new List<string>(), new List<string>());
        foreach (var (scenario, n) in Scenarios.All.Select((s, n) => (s, n)))
        {
            var ours = OnVolume(scenario);
            var system = scenario.Play(new FileSystem(), Directory.CreateDirectory(scratch.Of($"{n}")).FullName);
            var mock = OnMock(scenario);
            if (ours != system || system == mock)
            {
                wrong.Add($"{scenario.What}: ours {ours}, System.IO {system}, MockFileSystem {mock}");
            }

            rows.Add($"| {scenario.What} | {system} | {mock} |\n");
        }

        var table = $"| | System.IO on Linux, and a volume | MockFileSystem |\n|---|---|---|\n{string.Concat(rows)}";
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Prepend("these rows do not belong into the table:")));
        var readme = File.ReadAllText(Readme());
        var written = readme[(readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..readme.IndexOf(End, StringComparison.Ordinal)];
        Assert.True(table == written, $"the table in {Readme()} is to be:\n{table}");
    }

    private static string OnVolume(Scenario scenario)
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, SwitchedOnAt = new(2025, 1, 1, 0, 0, 0, default) });
        var fs = new VolumeFileSystem(machine.Volume);
        fs.Directory.CreateDirectory("/d");
        var result = scenario.Play(fs, "/d");
        Fsck.Require(machine);
        return result;
    }

    private static string OnMock(Scenario scenario)
    {
        var mock = new MockFileSystem();
        mock.Directory.CreateDirectory("/d");
        return scenario.Play(mock, "/d");
    }

    private static string Readme([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "src", "Reflink.IO.Abstractions", "README.md"));
}

using System.Diagnostics;
using System.Text.Json;

namespace Reflink.Cli.Tests;

/// <summary>'reflink watch': one run of a study while it goes on.</summary>
public sealed class WatchCommandTests : IDisposable
{
    private const string Text = """
        study: small
        parameters: {clones: [2, 3]}
        machine: {memory: 1MiB}
        measure: [frames, saved]
        steps:
          - create base 64K
          - for: {i: {from: 1, to: '${clones}'}}
            do: ['clone base c${i}']
          - sample: cloned
          - drop-caches
        """;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Without_a_terminal_each_sample_is_a_line()
    {
        var file = _scratch.Write("small.yaml", Text);

        Assert.Matches("^0.0000[0-9]+ s  cloned  frames=16 saved=32\n0.000[0-9]+ s  end  frames=0 saved=0\n$", Cli.Run("watch", file).Succeeded().Output);
        Assert.Contains("cloned  frames=16 saved=48\n", Cli.Run("watch", file, "--set", "clones=3").Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_go_to_standard_output_alone_and_a_trace_into_a_file()
    {
        var file = _scratch.Write("small.yaml", Text);
        var lines = Cli.Run("watch", file, "--events", "-", "--perfetto", _scratch.Path("trace.json")).Succeeded().Output.TrimEnd('\n').Split('\n');
        var names = lines.Select(line => JsonElement.Parse(line).GetProperty("event").GetString()).ToList();

        Assert.Equal(16, names.Count(name => name == "mm_filemap_add_to_page_cache"));
        Assert.Equal(16, names.Count(name => name == "mm_filemap_delete_from_page_cache"));
        using var trace = JsonDocument.Parse(File.ReadAllText(_scratch.Path("trace.json")));
        Assert.Contains(trace.RootElement.GetProperty("traceEvents").EnumerateArray(), entry => entry.TryGetProperty("name", out var name) && name.GetString() == "clone base c2");
        Cli.Run("watch", file, "--events", _scratch.Path("events")).Succeeded();
        Assert.Equal(lines, File.ReadAllLines(_scratch.Path("events")));
    }

    [Theory]
    [InlineData(RunningCli.Interrupt, 130)]
    [InlineData(RunningCli.Terminate, 143)]
    public void An_interrupted_run_leaves_no_half_of_a_file(int signal, int code)
    {
        var file = _scratch.Write("long.yaml", "study: long\nmachine: {memory: 64MiB}\nmeasure: [frames]\nsteps:\n- create a 16MiB\n- repeat: 100000\n  do: [read a]");
        using var running = Cli.Start("watch", file, "--perfetto", _scratch.Path("trace.json"));
        running.WaitUntil(() => Directory.EnumerateFiles(_scratch.Path("."), "trace.json.*").Any());
        running.Signal(signal);
        running.Finish().Refused(code, "interrupted; there is no result");
        Assert.Empty(Directory.EnumerateFiles(_scratch.Path("."), "trace.json*"));
    }

    [Fact]
    public void A_run_that_fails_says_why_and_leaves_its_trace()
    {
        var file = _scratch.Write("t.yaml", "study: t\nmeasure: [frames]\nsteps: [create a 4K, expect: frames == 7]");
        Cli.Run("watch", file, "--perfetto", _scratch.Path("trace.json")).Refused(1, "expected frames == 7, but frames is 1");
        using var trace = JsonDocument.Parse(File.ReadAllText(_scratch.Path("trace.json")));
    }

    [Fact]
    public void What_cannot_be_is_refused_before_anything_runs()
    {
        var file = _scratch.Write("small.yaml", Text);
        Cli.Run("watch", file, "--set", "clones").Refused(2, "--set takes NAME=VALUE");
        Cli.Run("watch", file, "--set", "clone=2").Refused(1, "did you mean clones?");
        Cli.Run("watch", file, "--perfetto", "-").Refused(2, "--perfetto takes the name of a file");
        Cli.Run("watch", file, "--events", _scratch.Path("none/events")).Refused(1, "there is no folder");
    }

    [SkippableFact]
    public void A_terminal_shows_the_kinds_of_frames_and_what_is_measured()
    {
        Skip.IfNot(File.Exists("/usr/bin/script"), "script(1) is not installed");
        var typed = $"stty cols 100 rows 30; '{Cli.Host}' exec '{Path.Combine(AppContext.BaseDirectory, "Reflink.Cli.dll")}' watch '{_scratch.Write("small.yaml", Text)}'";
        using var running = new RunningCli(new ProcessStartInfo("/usr/bin/script", ["-qec", typed, "/dev/null"]));
        var shown = running.Finish().Succeeded().Output;

        Assert.All((string[])["small: clones 2, seed 1", "create base 64K", "ended", "free", "frames", "saved"], part => Assert.Contains(part, shown, StringComparison.Ordinal));
    }
}

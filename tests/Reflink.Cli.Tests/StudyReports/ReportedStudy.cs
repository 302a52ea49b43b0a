using System.Text.Json.Nodes;
using Reflink.Studies.Reporting;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Tests.StudyReports;

/// <summary>A study with its results and its report in a folder: clones, processes and merging, two seeds, and a run that fails.</summary>
public sealed class ReportedStudy : IDisposable
{
    /// <summary>What a careless page would take for the end of its data, or run.</summary>
    public const string Trap = "</script><script>document.title = 'trapped'</script><!-- <b>";

    private const string Text = """
        study: reported
        about: "TRAP"
        parameters:
          memory: [256K, 512K, 1MiB]
          keying: [block, inode]
        seeds: [1, 2]
        machine: {memory: '${memory}', keying: '${keying}', swap: 4MiB}
        measure: [frames, reads, saved]
        steps:
          - create base 160K
          - clone base copy
          - snapshot: cloned
          - choose: [['write copy 0 own'], ['write copy 8192 own', 'write copy 16384 own']]
          - map base one
          - store base one 4096 equal
          - map copy two
          - store copy two 4096 equal
          - sample: written
          - snapshot: written
          - drop-caches
          - read base
          - read copy
          - snapshot: read again
          - record: {words: "'a, \"b\"'", half: reads / 2}
          - expect: memory < 1MiB or keying == 'block'
            because: one run is to fail
        charts:
          - {title: Reads, x: memory, y: reads, by: keying}
          - {title: Frames, kind: bar, x: memory, y: [frames, saved], by: keying}
          - {title: Saved, kind: heat, x: memory, y: saved, by: keying}
          - {title: Saved against reads, x: saved, y: reads, by: keying}
        """;

    private readonly Scratch _scratch = new();

    public ReportedStudy()
    {
        Scenario = Scenario.Parse(Text.Replace("TRAP", Trap, StringComparison.Ordinal), "reported.yaml");
        Folder = StudyFolder.Open(_scratch.Path("results"), Scenario);
        Sweep.Run(Scenario, Folder, 1);
        StudyReport.Write(Folder, Scenario);
    }

    /// <summary>The study.</summary>
    public Scenario Scenario { get; }

    /// <summary>Its results.</summary>
    public StudyFolder Folder { get; }

    /// <summary>A file of the folder.</summary>
    public string Of(string name) => Path.Combine(Folder.Path, name);

    /// <summary>The data that the page carries.</summary>
    public JsonObject Data() => DataOf(File.ReadAllText(Of(StudyReport.FileName)));

    public void Dispose() => _scratch.Dispose();

    internal static JsonObject DataOf(string html)
    {
        const string Begin = "<script type=\"application/json\" id=\"data\">";
        var from = html.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return JsonNode.Parse(html[from..html.IndexOf("</script>", from, StringComparison.Ordinal)])!.AsObject();
    }
}

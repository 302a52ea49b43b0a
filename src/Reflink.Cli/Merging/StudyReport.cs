using System.Text.Json.Nodes;
using Reflink.Cli.Reporting;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Merging;

/// <summary>What an experiment found, for people as tables and for programs as JSON.</summary>
internal static class StudyReport
{
    public static Report Text(RunTables found) => new Report().Tables(found);

    public static string Json(Scenario study, IReadOnlyList<KeyValuePair<string, long>> options, RunTables found)
    {
        var root = found.Json();
        root.Insert(0, "study", study.Name);
        root.Insert(1, "options", new JsonObject(options.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))));
        return root.ToJsonString(JsonFormat.Options) + "\n";
    }
}

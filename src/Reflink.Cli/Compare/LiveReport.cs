using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reflink.Cli.Reporting;
using Reflink.Studies.Comparison;
using Reflink.Studies.Live;

namespace Reflink.Cli.Compare;

/// <summary>What the running kernel took, beside what the model says.</summary>
/// <param name="Figures">Of the mechanisms that were tried.</param>
/// <param name="Refused">Those that were not, and why.</param>
internal sealed record LiveReport(IReadOnlyList<LiveFigures> Figures, IReadOnlyList<(string Name, string Reason)> Refused)
{
    /// <summary>Tries the mechanisms of a comparison on the running kernel.</summary>
    public static LiveReport Of(ComparisonPlan plan, ComparisonResult model, CancellationToken cancel)
    {
        var (figures, refused) = (new List<LiveFigures>(), new List<(string, string)>());
        foreach (var name in model.Mechanisms.Select(m => m.Name))
        {
            if (LiveHost.Refuses(name) is { } reason)
            {
                refused.Add((name, reason));
                continue;
            }

            figures.Add(TerminalProgress.Show(context =>
            {
                var task = context?.AddTask($"{name} on the running kernel", maxValue: plan.Processes);
                return new LiveComparison(plan).Run(name, task is null ? null : new Told(count => task.Value = count), cancel);
            }));
        }

        return new LiveReport(figures, refused);
    }

    /// <summary>Adds the table to a report.</summary>
    public Report Text(Report report, ComparisonResult model)
    {
        report = report.Blank().Line("the same on the running kernel, and how often the model's figure is in the kernel's").Blank().Facts(LiveHost.Facts.Select(f => (f.Name, (object)f.Value))).Blank();
        return (Figures.Count == 0 ? report.Note("nothing could be tried") : report.Table(new ReportTable(
            "",
            ["mechanism", "PSS MiB", "model", "Private_ Dirty MiB", "model", "maps", "model", new("faults", 1), "CPU ms", new("model ms", 2), new("CPU of the kernel's to model's", 3), "ksmd ms", new("model ksmd ms", 4)],
            [.. Figures.Select(live => Row(live, model.Mechanisms.First(m => m.Name == live.Name)))])))
            .Blank()
            .Notes(Refused.Select(r => $"not tried: {r.Name} {r.Reason}"))
            .Note(string.Create(CultureInfo.InvariantCulture, $"{Figures.Sum(f => f.ComparedBytes):n0} bytes were loaded by real processes and compared with a flat copy; what a fault costs differs from host to host, what memory it takes does not"));
    }

    /// <summary>Adds the figures to the JSON of a comparison, as the member <c>live</c>.</summary>
    public string Json(ComparisonResult model)
    {
        var root = JsonSerializer.SerializeToNode(model, JsonFormat.Options)!.AsObject();
        root["live"] = new JsonObject
        {
            ["host"] = new JsonObject(LiveHost.Facts.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Value))),
            ["mechanisms"] = JsonSerializer.SerializeToNode(Figures, JsonFormat.Options),
            ["notTried"] = new JsonArray([.. Refused.Select(r => (JsonNode?)new JsonObject { ["name"] = r.Name, ["reason"] = r.Reason })]),
        };
        return root.ToJsonString(JsonFormat.Options) + "\n";
    }

    private static IReadOnlyList<object?> Row(LiveFigures live, MechanismFigures model) =>
    [
        live.Name, Mebibytes(live.PssKiB), Mebibytes(model.SmapsPssKiB), Mebibytes(live.PrivateDirtyKiB), Mebibytes(model.PrivateDirtyBytes >> 10),
        live.MappingsPerProcess, (long)model.VmasPerProcess, live.Faults, Milliseconds(live.CallerNs), Milliseconds(model.CallerNs),
        (live.CallerNs / (double)Math.Max(1, model.CallerNs)).ToString("0.00", CultureInfo.InvariantCulture),
        live.DaemonNs is { } daemon ? Milliseconds(daemon) : null, live.DaemonNs is null ? null : Milliseconds(model.DaemonNs),
    ];

    private static string Mebibytes(long kibibytes) => (kibibytes / 1024.0).ToString("n2", CultureInfo.InvariantCulture);

    private static string Milliseconds(long nanoseconds) => (nanoseconds / 1e6).ToString("n0", CultureInfo.InvariantCulture);

    private sealed class Told(Action<int> told) : IProgress<int>
    {
        public void Report(int value) => told(value);
    }
}

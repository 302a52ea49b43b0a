using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reflink.Studies.Scenarios;
using Reflink.Units;

namespace Reflink.Studies.Sweeps;

/// <summary>
/// The folder that a study's results are in: <c>study.yaml</c> and <c>study.json</c> say which, <c>runs/</c> has a file for each run that
/// is done, named by all that the run depends on. Nothing in it depends on when or how fast it was made but <c>log.jsonl</c>.
/// </summary>
public sealed class StudyFolder
{
    private const string Manifest = "study.json";
    private const string Runs = "runs";
    private const string Log = "log.jsonl";

    private StudyFolder(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Opens the folder of a study, and makes it if there is none.</summary>
    /// <exception cref="ReflinkException">EEXIST: it holds something else; nothing is changed.</exception>
    /// <exception cref="IOException">It cannot be made or read.</exception>
    public static StudyFolder Open(string path, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(scenario);
        if (File.Exists(path))
        {
            throw new ReflinkException(Errno.ENOTDIR, $"'{path}' is a file; name a folder with --out");
        }

        var folder = new StudyFolder(path);
        var manifest = System.IO.Path.Combine(path, Manifest);
        if (File.Exists(manifest))
        {
            var name = ReadManifest(manifest)["study"]?.GetValue<string>();
            if (name != scenario.Name)
            {
                throw new ReflinkException(Errno.EEXIST, $"'{path}' has the results of study '{name}', not of '{scenario.Name}'; name another folder with --out");
            }
        }
        else if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new ReflinkException(Errno.EEXIST, $"'{path}' is not empty and has no results of a study; name another folder with --out");
        }

        Directory.CreateDirectory(System.IO.Path.Combine(path, Runs));
        folder.Write("study.yaml", scenario.Source);
        folder.Write(Manifest, ManifestOf(scenario));
        return folder;
    }

    /// <summary>Opens results that are there.</summary>
    /// <exception cref="ReflinkException">ENOENT: there are none.</exception>
    public static (StudyFolder Folder, Scenario Scenario) Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var source = System.IO.Path.Combine(path, "study.yaml");
        if (!File.Exists(System.IO.Path.Combine(path, Manifest)) || !File.Exists(source))
        {
            throw new ReflinkException(Errno.ENOENT, $"'{path}' has no results of a study; 'reflink study run FILE --out {path}' makes them");
        }

        var manifest = ReadManifest(System.IO.Path.Combine(path, Manifest));
        var scenario = Scenario.Parse(File.ReadAllText(source), source)
            .With((manifest["parameters"] as JsonObject ?? []).Select(p => KeyValuePair.Create(p.Key, (IReadOnlyList<string>)[.. p.Value!.AsArray().Select(v => v!.GetValue<string>())])))
            .WithSeeds([.. manifest["seeds"]!.AsArray().Select(seed => seed!.GetValue<long>())]);
        return (new StudyFolder(path), scenario);
    }

    /// <summary>Whether a run is done.</summary>
    public bool Has(RunPlan plan) => File.Exists(FileOf(plan));

    /// <summary>The result of a run that is done, as <see cref="RunJson"/> writes it.</summary>
    public JsonObject Read(RunPlan plan) => JsonNode.Parse(File.ReadAllText(FileOf(plan)))!.AsObject();

    /// <summary>Keeps a result: all of it or nothing.</summary>
    public void Keep(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Write(System.IO.Path.Combine(Runs, $"{result.Plan.Id}.json"), RunJson.Of(result));
    }

    /// <summary>Writes a file of the folder, all of it or nothing.</summary>
    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file of the folder, all of it or nothing.</summary>
    public void Write(string name, byte[] bytes)
    {
        var (target, part) = (System.IO.Path.Combine(Path, name), System.IO.Path.Combine(Path, $"{name}.{Guid.NewGuid():N}.part"));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.WriteAllBytes(part, bytes);
            File.Move(part, target, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Notes how long a run took on the wall: the only file that differs from time to time.</summary>
    public void Note(RunPlan plan, DateTimeOffset began, TimeSpan took)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var line = JsonSerializer.Serialize(new { run = plan.Id, of = plan.ToString(), began, milliseconds = (long)took.TotalMilliseconds });
        File.AppendAllText(System.IO.Path.Combine(Path, Log), line + "\n");
    }

    private static JsonObject ReadManifest(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{path}' is damaged ({e.Message.TrimEnd('.')}); name another folder with --out", e);
        }
    }

    private static string ManifestOf(Scenario scenario)
    {
        var root = new JsonObject
        {
            ["study"] = scenario.Name,
            ["runs"] = scenario.RunCount,
            ["parameters"] = new JsonObject(scenario.Parameters.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)new JsonArray([.. p.Texts.Select(t => (JsonNode?)t)])))),
            ["seeds"] = new JsonArray([.. scenario.Seeds.Select(seed => (JsonNode?)seed)]),
        };
        return root.ToJsonString(RunJson.Options) + "\n";
    }

    private string FileOf(RunPlan plan) => System.IO.Path.Combine(Path, Runs, $"{plan.Id}.json");
}

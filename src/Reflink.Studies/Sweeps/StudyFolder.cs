using System.IO.Hashing;
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
public sealed class StudyFolder : IDisposable
{
    private const string Manifest = "study.json";
    private const string Runs = "runs";
    private const string Log = "log.jsonl";

    private const string Lock = ".lock";
    private readonly FileStream? _lock;

    private StudyFolder(string path, FileStream? alone) => (Path, _lock) = (path, alone);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Whether nothing can be written into it, so that its tables and its report stay as they are.</summary>
    public bool IsReadOnly { get; private init; }

    /// <summary>Opens the folder of a study, and makes it if there is none. A folder that cannot be written will do if every run of the study is done.</summary>
    /// <exception cref="ReflinkException">EEXIST: it holds something else; EBUSY: another process runs a study into it; EROFS: it cannot be written, and runs are missing. Nothing is changed.</exception>
    /// <exception cref="IOException">It cannot be made or read.</exception>
    public static StudyFolder Open(string path, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(scenario);
        RequireFolder(path);
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

        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(path, Runs));
            var folder = new StudyFolder(path, Alone(path));
            folder.Write("study.yaml", scenario.Source);
            folder.Write(Manifest, ManifestOf(scenario));
            return folder;
        }
        catch (Exception e) when (File.Exists(manifest) && (e is UnauthorizedAccessException || e.HResult == (int)Errno.EROFS))
        {
            return Finished(path, scenario, e);
        }
    }

    private static StudyFolder Finished(string path, Scenario scenario, Exception refusal)
    {
        var folder = new StudyFolder(path, null) { IsReadOnly = true };
        var missing = scenario.Plan().Count(plan => !folder.Has(plan));
        return missing == 0 ? folder : throw new ReflinkException(
            Errno.EROFS, $"'{path}' cannot be written, and {missing} of {scenario.RunCount} runs are not done; name another folder with --out", refusal);
    }

    private static void RequireFolder(string path)
    {
        // Of a link that leads nowhere .NET says that it is a file.
        if (File.Exists(path))
        {
            throw new FileInfo(path) is { LinkTarget: { } target } link && link.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true }
                ? new ReflinkException(Errno.ENOENT, $"'{path}' is a symbolic link to '{target}', which does not exist; make that folder, or name another with --out")
                : new ReflinkException(Errno.ENOTDIR, $"'{path}' is a file; name a folder with --out");
        }
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
        return (new StudyFolder(path, null), scenario);
    }

    /// <summary>Lets others run a study into the folder.</summary>
    public void Dispose() => _lock?.Dispose();

    /// <summary>Whether a run is done: a file that is damaged, by a power cut or by hand, is none, and the run is done again.</summary>
    public bool Has(RunPlan plan) => TryRead(plan) is not null;

    /// <summary>The result of a run that is done, as <see cref="RunJson"/> writes it.</summary>
    /// <exception cref="ReflinkException">ENODATA: it is not done, or its file is damaged.</exception>
    public JsonObject Read(RunPlan plan) => TryRead(plan)
        ?? throw new ReflinkException(Errno.ENODATA, $"'{FileOf(plan)}' is not the file of a run that is done; 'reflink study run' makes it anew");

    /// <summary>Keeps a result: all of it or nothing.</summary>
    public void Keep(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Keep(result.Plan, RunJson.Of(result));
    }

    /// <summary>Keeps a result that was written elsewhere: all of it or nothing.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="text">The line that <see cref="RunJson"/> made of it.</param>
    public void Keep(RunPlan plan, string text)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Write(System.IO.Path.Combine(Runs, $"{plan.Id}.json"), $"{text}{CheckOf(text)}\n");
    }

    /// <summary>Takes away the results of runs that failed, so that they are run again; says how many there were.</summary>
    /// <exception cref="ReflinkException">EROFS: there are some, and the folder cannot be written.</exception>
    public int ForgetFailures(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var failed = scenario.Plan().Where(plan => TryRead(plan)?["failure"] is not null).ToList();
        if (IsReadOnly && failed.Count > 0)
        {
            throw new ReflinkException(Errno.EROFS, $"'{Path}' cannot be written, so the {failed.Count} runs that failed cannot be run again into it; name another folder with --out");
        }

        failed.ForEach(plan => File.Delete(FileOf(plan)));
        return failed.Count;
    }

    /// <summary>How many results of other values or versions there are in the folder besides.</summary>
    public int CountOthers(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var own = scenario.Plan().Select(plan => plan.Id).ToHashSet(StringComparer.Ordinal);
        return Directory.EnumerateFiles(System.IO.Path.Combine(Path, Runs), "*.json").Count(file => !own.Contains(System.IO.Path.GetFileNameWithoutExtension(file)));
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

    // Two sweeps at a time would do the same work twice, and leave tables of one beside the parameters of the other.
    private static FileStream Alone(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, Lock), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e.HResult == (int)Errno.EAGAIN)
        {
            throw new ReflinkException(Errno.EBUSY, $"another process runs a study into '{path}'; wait for it, or name another folder with --out", e);
        }
    }

    // The line behind a result: without it the file was not written to its end, or somebody changed it.
    private static string CheckOf(string text) => Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(text)));

    private JsonObject? TryRead(RunPlan plan)
    {
        if (!File.Exists(FileOf(plan)))
        {
            return null;
        }

        var text = File.ReadAllText(FileOf(plan));
        var end = text.IndexOf('\n', StringComparison.Ordinal) + 1;
        return end > 0 && text[end..].TrimEnd() == CheckOf(text[..end]) ? JsonNode.Parse(text[..end])!.AsObject() : null;
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

using System.Globalization;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>A memory cgroup, of version 1 where its memory controller is mounted, otherwise of version 2.</summary>
internal sealed class MemoryGroup
{
    private const string Swappiness = "/proc/sys/vm/swappiness";
    private const string Controllers = "cgroup.subtree_control";
    private readonly string _folder;
    private readonly int _version;

    private MemoryGroup(string folder, int version) => (_folder, _version) = (folder, version);

    /// <summary>The file of the group's statistics. To read it flushes them.</summary>
    public string Statistics => Path.Combine(_folder, "memory.stat");

    /// <summary>The file that tells what is charged to the group, in bytes.</summary>
    public string UsageFile => Path.Combine(_folder, _version == 1 ? "memory.usage_in_bytes" : "memory.current");

    /// <summary>What is charged to the group now, in bytes.</summary>
    public long Usage => long.Parse(File.ReadAllText(UsageFile), CultureInfo.InvariantCulture);

    /// <summary>Where groups are made, and the version; null where there is no memory controller.</summary>
    public static (string Folder, int Version)? Root()
    {
        var mounts = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).ToList();
        return mounts.Find(m => m[2] == "cgroup" && m[3].Split(',').Contains("memory")) is { } one
            ? (one[1], 1)
            : mounts.Find(m => m[2] == "cgroup2" && Has(m[1], "cgroup.controllers")) is { } two ? (two[1], 2) : null;
    }

    /// <summary>Makes a group with a limit. Version 2 has no swappiness of a group, so the machine's is set.</summary>
    public static MemoryGroup Make(Undo undo, LiveSuite suite)
    {
        var (root, version) = Root() ?? throw new IOException("there is no memory controller of cgroups");
        if (version == 2 && !Has(root, Controllers))
        {
            var file = Path.Combine(root, Controllers);
            undo.Do($"+memory in {file}", () => Put(file, "+memory"), path => Put(path, "-memory"));
        }

        var folder = Path.Combine(root, $"reflink-reclaim-{Environment.ProcessId}");
        undo.Do(folder, () => Directory.CreateDirectory(folder), made => Shell.Insist(() => Directory.Delete(made.FullName)));
        var swappiness = suite.Swappiness.ToString(CultureInfo.InvariantCulture);
        if (version == 1)
        {
            Put(Path.Combine(folder, "memory.swappiness"), swappiness);
        }
        else
        {
            Setting(undo, Swappiness, swappiness);
        }

        Put(Path.Combine(folder, version == 1 ? "memory.limit_in_bytes" : "memory.max"), ((long)suite.Megabytes << 20).ToString(CultureInfo.InvariantCulture));
        return new MemoryGroup(folder, version);
    }

    /// <summary>Changes a file in /proc/sys until the undo puts the old value back.</summary>
    public static void Setting(Undo undo, string file, string value)
    {
        var before = File.ReadAllText(file).Trim();
        if (before != value)
        {
            undo.Do($"{before} in {file}", () => Put(file, value), path => Put(path, before));
        }
    }

    /// <summary>Moves a process into the group. What was charged before stays where it was charged.</summary>
    public void Enter(int process) => Put(Path.Combine(_folder, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));

    private static string Put(string file, string value)
    {
        File.WriteAllText(file, value);
        return file;
    }

    private static bool Has(string folder, string file) =>
        Path.Combine(folder, file) is var path && File.Exists(path) && File.ReadAllText(path).Split((char[])[' ', '\n']).Contains("memory");
}

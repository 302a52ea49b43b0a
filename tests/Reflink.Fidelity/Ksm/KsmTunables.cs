using System.Runtime.InteropServices;

namespace Reflink.Fidelity.Ksm;

/// <summary>
/// The control files of the running kernel's KSM, for one user at a time (a lock in /run/lock), who may change them all: they are as
/// before after disposal, after the signals that end the process, and, should it be killed, when the next one begins.
/// </summary>
internal sealed class KsmTunables : IDisposable
{
    private const string Folder = "/sys/kernel/mm/ksm";
    private const string LockFile = "/run/lock/reflink-ksm.lock";
    private const string SavedFile = "/run/lock/reflink-ksm.saved";

    // In the order they are restored: run comes last, and has unmerged everything before, or max_page_sharing were busy.
    private static readonly string[] s_names =
    [
        "pages_to_scan", "max_page_sharing", "stable_node_chains_prune_millisecs", "use_zero_pages", "smart_scan", "sleep_millisecs", "run",
    ];

    private readonly FileStream _lock;
    private readonly Lock _writing = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private bool _gone;

    private KsmTunables(FileStream @lock)
    {
        _lock = @lock;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, _ => Dispose()));
        }
    }

    /// <summary>Takes them; null, and why, where that cannot be done.</summary>
    public static KsmTunables? TryTake(out string why)
    {
        if ((why = WhyNot()) != "" || TryLock(out why) is not { } file)
        {
            return null;
        }

        if (File.Exists(SavedFile))
        {
            Restore();
        }

        if (Value("run") == 1 || Value("pages_shared") + Value("pages_unshared") + Value("pages_volatile") != 0 || Text("advisor_mode").Contains("[scan", StringComparison.Ordinal))
        {
            why = "KSM is in use on this machine";
            file.Dispose();
            return null;
        }

        Save();
        return new(file);
    }

    /// <summary>A control file as it reads.</summary>
    public static string Text(string name) => File.ReadAllText($"{Folder}/{name}").TrimEnd('\n');

    /// <summary>A control file's number.</summary>
    public static long Value(string name) => long.Parse(Text(name));

    /// <summary>Sets one.</summary>
    /// <exception cref="IOException">The kernel does not take the value (its <see cref="Exception.HResult"/> is the error's number), or they have been given back.</exception>
    public void Set(string name, long value)
    {
        lock (_writing)
        {
            if (_gone)
            {
                throw new IOException("KSM's control files have been given back");
            }

            Write(name, $"{value}");
        }
    }

    /// <summary>Gives them back as they were taken; everything merged is unmerged.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            if (_gone)
            {
                return;
            }

            _gone = true;
            Restore();
            _lock.Dispose();
        }

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();

    private static string WhyNot()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return "this is not Linux on x86-64";
        }

        if (!Directory.Exists(Folder))
        {
            return "this kernel has no KSM";
        }

        return Environment.UserName != "root" ? "KSM is root's"
            : !File.Exists($"{Folder}/smart_scan") ? "this kernel's KSM is older than smart_scan"
            : Directory.GetDirectories("/sys/devices/system/node", "node*").Length > 1 ? "this machine has several NUMA nodes" : "";
    }

    private static FileStream? TryLock(out string why)
    {
        try
        {
            why = "";
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = $"somebody else drives KSM: {e.Message}";
            return null;
        }
    }

    // Whole or not at all: whoever finds it believes it.
    private static void Save()
    {
        File.WriteAllLines(SavedFile + ".new", s_names.Select(n => $"{n} {Text(n)}"));
        File.Move(SavedFile + ".new", SavedFile, overwrite: true);
    }

    private static void Restore()
    {
        Write("run", "0");
        Write("run", "2");
        foreach (var pair in File.ReadAllLines(SavedFile).Select(line => line.Split(' ')))
        {
            Write(pair[0], pair[1]);
        }

        File.Delete(SavedFile);
    }

    private static void Write(string name, string text) => File.WriteAllText($"{Folder}/{name}", text);
}

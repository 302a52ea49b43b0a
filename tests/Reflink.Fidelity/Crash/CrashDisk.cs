using Reflink.Store.Disks;

namespace Reflink.Fidelity.Crash;

/// <summary>
/// A disk in memory that writes down everything that is done to it, in order, so that it can be made again as a crash at any
/// moment may have left it.
/// </summary>
internal sealed class CrashDisk : IDisk
{
    private readonly Dictionary<string, CrashFile> _files = [];
    private readonly CrashFile _manifest;

    public CrashDisk()
        : this([])
    {
    }

    /// <summary>A disk with these files; the one without a name is the manifest.</summary>
    public CrashDisk(Dictionary<string, byte[]> files)
    {
        foreach (var (name, bytes) in files.Where(f => f.Key.Length > 0))
        {
            _files.Add(name, new CrashFile(this, name, bytes));
        }

        _manifest = new CrashFile(this, "", files.GetValueOrDefault("", []));
        Start = files;
    }

    public string Place => "memory";

    public IDiskFile Manifest => _manifest;

    public IReadOnlyList<string> Names => [.. _files.Keys];

    /// <summary>What there was at the beginning, all of it durable.</summary>
    public Dictionary<string, byte[]> Start { get; }

    /// <summary>All that was done since.</summary>
    public List<DiskEvent> Events { get; } = [];

    /// <summary>Bytes in all files.</summary>
    public long Bytes => _files.Values.Sum(f => f.Length);

    public IDiskFile Create(string name, long size)
    {
        Events.Add(new(DiskAct.Create, name, size, []));
        var file = new CrashFile(this, name, new byte[size]);
        _files.Add(name, file);
        return file;
    }

    public IDiskFile Open(string name) => _files[name];

    public void Delete(string name)
    {
        Events.Add(new(DiskAct.Delete, name, 0, []));
        _files.Remove(name);
    }

    public void Flush() => Events.Add(new(DiskAct.Flush, "", 0, []));

    public void Dispose()
    {
    }
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace Reflink.Benchmarks;

/// <summary>A folder for large files, deleted on every way out that a process can see: disposal, its end, and the signals that end it.</summary>
internal sealed class ScratchDisk : IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private bool _gone;

    /// <summary>Makes a new folder below one, or in the temporary directory.</summary>
    public ScratchDisk(string? parent)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"reflink-size-{Environment.ProcessId}");
        Path = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), name);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, _ => Dispose()));
        }

        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>Bytes that are free on the disk.</summary>
    public long Free => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>A folder in it.</summary>
    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        lock (_signals)
        {
            if (!_gone)
            {
                _gone = true;
                Directory.Delete(Path, recursive: true);
            }
        }

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();
}

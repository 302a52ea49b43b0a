using System.Runtime.InteropServices;
using Reflink.Testing;

namespace Reflink.Benchmarks;

/// <summary>
/// A live XFS on a loop device over a sparse image in a temporary directory. It is unmounted and deleted on every way out
/// that a process can see: disposal, its end, and the signals that end it.
/// </summary>
internal sealed class XfsImage : IDisposable
{
    private const long Bytes = 6L << 30;
    private readonly ScratchFolder _home;
    private readonly List<PosixSignalRegistration> _signals = [];
    private bool _gone;

    private XfsImage(ScratchFolder home)
    {
        _home = home;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, _ => Dispose()));
        }
    }

    /// <summary>Where the filesystem is mounted.</summary>
    public string Path => _home.Of("mnt");

    /// <summary>Makes one; null, and why, where that cannot be done.</summary>
    /// <param name="why">Why not.</param>
    /// <param name="reflink">Whether its files can share blocks.</param>
    public static XfsImage? TryMount(out string why, bool reflink = true)
    {
        why = "";
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            why = "XFS needs Linux, and root to mount it";
            return null;
        }

        var image = new XfsImage(new ScratchFolder("xfs"));
        try
        {
            Directory.CreateDirectory(image.Path);
            var file = image._home.Of("image");
            using (var stream = File.Create(file))
            {
                stream.SetLength(Bytes);
            }

            Tool.Run("mkfs.xfs", "-q", "-m", reflink ? "reflink=1" : "reflink=0", file);
            Tool.Run("mount", "-o", "loop", "-t", "xfs", file, image.Path);
            return image;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = e.Message;
            image.Dispose();
            return null;
        }
    }

    /// <summary>Unmounts and deletes.</summary>
    public void Dispose()
    {
        lock (_signals)
        {
            if (_gone)
            {
                return;
            }

            _gone = true;
            // Lazily, with what is mounted below: a clone that a signal interrupted may still be at work; the loop device goes with its last user.
            _ = Native.Unmount(Path, Native.DetachLazily);
            _home.Dispose();
        }

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();
}

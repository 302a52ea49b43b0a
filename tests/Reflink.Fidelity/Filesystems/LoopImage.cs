using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Reflink.Testing;

namespace Reflink.Fidelity.Filesystems;

/// <summary>
/// A live filesystem on a loop device over a sparse image in a temporary directory. It is unmounted and deleted on every way out
/// that a process can see: disposal, its end, and the signals that end it.
/// </summary>
public sealed partial class LoopImage : IDisposable
{
    private const int DetachLazily = 2;
    private readonly ScratchFolder _home;
    private readonly List<PosixSignalRegistration> _signals = [];
    private bool _gone;

    private LoopImage(ScratchFolder home)
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

    /// <summary>Makes an XFS with reflinks; null, and why, where that cannot be done.</summary>
    public static LoopImage? TryXfs(out string why) => TryMount("xfs", "xfsprogs", ["-q", "-m", "reflink=1"], "loop", out why);

    /// <summary>Makes a Btrfs; null, and why. Without inline extents, for bytes within the metadata lie nowhere that FIEMAP could tell.</summary>
    public static LoopImage? TryBtrfs(out string why) => TryMount("btrfs", "btrfs-progs", ["-q"], "loop,max_inline=0", out why);

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
            // Lazily: a call that a signal interrupted may still be at work; the loop device goes with its last user.
            _ = Unmount(Path, DetachLazily);
            _home.Dispose();
        }

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
    }

    private static LoopImage? TryMount(string type, string package, string[] options, string mounting, out string why)
    {
        why = "";
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            why = $"{type} needs Linux, and root to mount it";
            return null;
        }

        var image = new LoopImage(new ScratchFolder(type));
        try
        {
            Directory.CreateDirectory(image.Path);
            var file = image._home.Of("image");
            using (var stream = File.Create(file))
            {
                stream.SetLength(1L << 30);
            }

            Do(package, $"mkfs.{type}", [.. options, file]);
            Do(package, "mount", ["-o", mounting, "-t", type, file, image.Path]);
            return image;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = e.Message;
            image.Dispose();
            return null;
        }
    }

    private static void Do(string package, string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new IOException($"{program} failed: {error.Trim().ReplaceLineEndings(" ")}");
            }
        }
        catch (Win32Exception)
        {
            throw new IOException($"{program} cannot be run; the package {package} has mkfs");
        }
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string path, int flags);
}

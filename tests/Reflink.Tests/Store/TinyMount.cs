using System.Diagnostics;

namespace Reflink.Tests.Store;

/// <summary>A tmpfs of a few MiB on a folder of its own: a disk that fills up. Unmounted when it is disposed of.</summary>
internal sealed class TinyMount : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private bool _mounted;

    private TinyMount()
    {
    }

    public string Path => _folder.Of("mnt");

    /// <summary>Null where this process may not mount.</summary>
    public static TinyMount? TryMake(string options)
    {
        var mount = new TinyMount();
        Directory.CreateDirectory(mount.Path);
        mount._mounted = Run("mount", "-t", "tmpfs", "-o", options, "reflink-test", mount.Path);
        if (mount._mounted)
        {
            return mount;
        }

        mount.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (_mounted && !Run("umount", Path))
        {
            throw new IOException($"{Path} cannot be unmounted");
        }

        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

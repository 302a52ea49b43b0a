using System.Runtime.InteropServices;
using Reflink.Units;

namespace Reflink.Cli.Studying.Clusters;

/// <summary>
/// The program of silos, which lies beside the command. The command becomes it with execve(2), so that signals, the exit code and the number of the
/// process are its own.
/// </summary>
internal static partial class SiloProcess
{
    private const string Name = "Reflink.Cluster.dll";

    /// <summary>Becomes a silo; returns only if that fails.</summary>
    /// <param name="settings">How it is started, as JSON.</param>
    /// <exception cref="ReflinkException">ENOENT: the program of silos or the host of .NET is not there. EOPNOTSUPP: this system is Windows.</exception>
    public static int Become(string settings)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new ReflinkException(Errno.EOPNOTSUPP, "silos run on Linux and macOS; from Windows use a cluster with 'reflink study run --cluster'");
        }

        var program = Path.Combine(AppContext.BaseDirectory, "cluster", Name);
        if (!File.Exists(program))
        {
            throw new ReflinkException(Errno.ENOENT, $"'{program}' is not there, for a reflink that is one file comes without the program of silos; install the tool with 'dotnet tool install Reflink.Cli', or build it from source");
        }

        var host = HostPath();
        // The texts are never given back: either this process is another one then, or it ends. Ready pointers, because marshalling an array of texts reads what is not set yet, which overflows here.
        _ = execv(host, [.. new[] { host, "exec", program, settings }.Select(Marshal.StringToCoTaskMemUTF8), 0]);
        throw new ReflinkException(Errno.ENOENT, $"'{host}' cannot be started ({Marshal.GetLastPInvokeErrorMessage()}); silos need the runtime of ASP.NET");
    }

    // The runtime lies three folders below the program that starts it, however this process was started.
    private static string HostPath()
    {
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        return File.Exists(beside) ? beside
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named ? named
            : throw new ReflinkException(Errno.ENOENT, $"'{beside}' is not there; silos need the runtime of ASP.NET, and DOTNET_HOST_PATH names its program dotnet");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execv(string path, nint[] arguments);
}

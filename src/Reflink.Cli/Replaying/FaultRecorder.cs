using System.Diagnostics;
using System.Globalization;
using Reflink.Units;

namespace Reflink.Cli.Replaying;

/// <summary>
/// Has perf write the page faults of a command. perf trace does not say how the command ended, so a shell starts it and notes that; its own faults are taken out again.
/// </summary>
internal sealed class FaultRecorder : IDisposable
{
    // A trap that does nothing: the shell outlives a signal that ends the command. env runs programs, not what the shell has built in.
    private const string Script = "trap : HUP INT QUIT TERM; env -- \"$@\"; echo $$ $? > \"$REFLINK_STATUS\"";
    private readonly string _output;
    private readonly string _status = Path.GetTempFileName();

    public FaultRecorder(string output, string[] command)
    {
        _output = output;
        RequireProgram(command[0]);
        Start = new ProcessStartInfo("perf", ["trace", "-F", "all", "--no-syscalls", "-o", output, "--", "sh", "-c", Script, "sh", .. command]);
        Start.Environment["REFLINK_STATUS"] = _status;
    }

    /// <summary>How perf is started.</summary>
    public ProcessStartInfo Start { get; }

    /// <summary>Takes the shell's faults out.</summary>
    /// <returns>How the command ended.</returns>
    /// <exception cref="ReflinkException">EIO: perf recorded nothing.</exception>
    public int Finish()
    {
        if (File.ReadAllText(_status).Split(' ') is not [var shell, var code] || !File.Exists(_output))
        {
            throw new ReflinkException(Errno.EIO, "perf recorded no page faults; what it says stands above. It needs root, or kernel.perf_event_paranoid of 1 at most (sysctl)");
        }

        var rest = _output + ".part";
        File.WriteAllLines(rest, File.ReadLines(_output).Where(line => !IsOf(line, shell)));
        File.Move(rest, _output, overwrite: true);
        if (new FileInfo(_output).Length == 0)
        {
            throw new ReflinkException(Errno.EIO, $"perf saw no page fault of the command, which ended with {code.Trim()}; what it says stands above");
        }

        return int.Parse(code, CultureInfo.InvariantCulture);
    }

    public void Dispose() => File.Delete(_status);

    // Else the shell would say that there is none, and its end would be taken for the command's.
    private static void RequireProgram(string name)
    {
        var places = name.Contains('/', StringComparison.Ordinal) ? [name] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name));
        if (!places.Any(MayRun))
        {
            throw new ReflinkException(Errno.ENOENT, $"there is no program '{name}' that may be run; name one that is there, with its path if it is in no folder of PATH");
        }
    }

    private static bool MayRun(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    // " 0.489 ( 0.000 ms): sh/19040 minfault […": the name and thread stand in the first word behind the colon.
    private static bool IsOf(string line, string process)
    {
        var colon = line.IndexOf("): ", StringComparison.Ordinal);
        var fault = line.IndexOf("fault [", StringComparison.Ordinal);
        return colon >= 0 && fault > colon && line[..fault].TrimEnd('m', 'i', 'n', 'a', 'j').TrimEnd().EndsWith($"/{process}", StringComparison.Ordinal);
    }
}

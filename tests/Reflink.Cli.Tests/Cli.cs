using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Reflink.Cli.Tests;

/// <summary>Runs the command as a process, as a shell does.</summary>
internal static class Cli
{
    /// <summary>The host that runs these tests; where that is another program, the one that its runtime belongs to.</summary>
    public static string Host { get; } = Path.GetFileName(Environment.ProcessPath) == "dotnet"
        ? Environment.ProcessPath!
        : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    public static CliResult Run(params string[] arguments)
    {
        using var running = Start(arguments);
        return running.Finish();
    }

    /// <summary>Runs it in the environment of a terminal of so many columns.</summary>
    public static CliResult RunIn(int columns, params string[] arguments)
    {
        var start = Line(arguments);
        start.Environment["COLUMNS"] = $"{columns}";
        using var running = new RunningCli(start);
        return running.Finish();
    }

    /// <summary>Runs it after a mount that only this process sees, in a user namespace, so that nobody needs to be root; null where this kernel or its administrator forbids that.</summary>
    public static CliResult? RunMounted(string mount, params string[] arguments)
    {
        const string Forbidden = "cannot mount";
        var line = Line(arguments);
        var start = new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", $"{{ {mount}; }} || {{ echo {Forbidden}; exit 99; }}; exec \"$@\"", "sh", line.FileName, .. line.ArgumentList]);
        using var running = new RunningCli(start);
        var result = running.Finish();
        return result.Error.StartsWith("unshare:", StringComparison.Ordinal) || result.Output.StartsWith(Forbidden, StringComparison.Ordinal) ? null : result;
    }

    public static RunningCli Start(params string[] arguments) => new(Line(arguments));

    /// <summary>Starts it with a folder of its own for temporary files.</summary>
    public static RunningCli StartWithTemporaryFiles(string folder, params string[] arguments)
    {
        var start = Line(arguments);
        start.Environment["TMPDIR"] = folder;
        return new RunningCli(start);
    }

    public static RunningCli Start(bool redirectInput, params string[] arguments)
    {
        var start = Line(arguments);
        start.RedirectStandardInput = redirectInput;
        return new RunningCli(start);
    }

    private static ProcessStartInfo Line(string[] arguments)
    {
        var start = new ProcessStartInfo(Host);
        start.Environment.Remove("COLUMNS");
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Reflink.Cli.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        return start;
    }
}

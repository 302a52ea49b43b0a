using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Reflink.Cli.Tests.Installing;

/// <summary>Runs the .NET SDK, and what was installed with it, as a user's shell does.</summary>
internal static class Sdk
{
    // What this test run tells its children about itself would make another SDK of theirs.
    private static readonly string[] s_ofThisRun = ["MSBUILD", "VSTEST", "DOTNET_CLI_", "TESTINGPLATFORM"];

    /// <summary>Where the solution lies.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The packages that were restored for this solution, which may serve as a source, too.</summary>
    public static string RestoredPackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Debug or Release, as these tests are.</summary>
    public static string Configuration { get; } = typeof(Sdk).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>Runs <c>dotnet</c> with these arguments.</summary>
    /// <param name="folder">Where it is run.</param>
    /// <param name="packages">Where it restores packages to, if not to the usual folder.</param>
    /// <param name="arguments">The arguments.</param>
    public static CliResult Run(string folder, string? packages, params string[] arguments)
    {
        var start = new ProcessStartInfo(Cli.Host, arguments) { WorkingDirectory = folder };
        foreach (var name in start.Environment.Keys.Where(k => s_ofThisRun.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            start.Environment.Remove(name);
        }

        // A build server that stayed would hold this test's pipes open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        if (packages is not null)
        {
            start.Environment["NUGET_PACKAGES"] = packages;
        }

        using var running = new RunningCli(start);
        return running.Finish();
    }

    /// <summary>Runs a program that the SDK made.</summary>
    public static CliResult Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Cli.Host);
        using var running = new RunningCli(start);
        return running.Finish();
    }

    private static string FindRepository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}

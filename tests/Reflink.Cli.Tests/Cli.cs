using System.Diagnostics;

namespace Reflink.Cli.Tests;

/// <summary>Runs the command as a process, as a shell does.</summary>
internal static class Cli
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static CliResult Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return Finish(process);
    }

    public static Process Start(params string[] arguments) => Start(redirectInput: false, arguments);

    public static Process Start(bool redirectInput, params string[] arguments)
    {
        // Whoever runs the tests in the background may have them ignore interrupts; what they start must not.
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = redirectInput };
        start.ArgumentList.Add("--default-signal=INT");
        start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Reflink.Cli.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    public static CliResult Finish(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new TimeoutException($"reflink did not end within {Patience}");
        }

        return new CliResult(process.ExitCode, output.Result, error.Result);
    }
}

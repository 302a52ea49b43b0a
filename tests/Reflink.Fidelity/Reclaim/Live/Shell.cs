using System.ComponentModel;
using System.Diagnostics;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Runs the programs that administrators run.</summary>
internal static class Shell
{
    /// <summary>Runs a program; returns what it printed.</summary>
    /// <exception cref="IOException">The program cannot be run, or failed.</exception>
    public static string Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output.Trim()
                : throw new IOException($"{program} {string.Join(' ', arguments)} failed: {error.Result.Trim().ReplaceLineEndings(" ")}");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{program} cannot be run: {e.Message}", e);
        }
    }

    /// <summary>Does what may fail while something is still busy, until it succeeds or two seconds have passed.</summary>
    public static void Insist(Action act)
    {
        for (var tries = 40; ; tries--)
        {
            try
            {
                act();
                return;
            }
            catch (Exception e) when (tries > 1 && e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(50);
            }
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace Reflink.Benchmarks;

/// <summary>Runs programs of the system.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end and returns what it printed, which must be short.</summary>
    /// <param name="program">The program's name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="IOException">It is not there, or it failed; the message is what it said.</exception>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new IOException($"{program} failed: {error.Trim().ReplaceLineEndings(" ")}");
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            throw new IOException($"{program} cannot be run; mkfs.xfs is in the package xfsprogs");
        }
    }
}

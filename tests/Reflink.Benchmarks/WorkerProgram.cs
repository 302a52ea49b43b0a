using System.Diagnostics;

namespace Reflink.Benchmarks;

/// <summary>This program as another process, for what must be done in real ones. It ends when its standard input does.</summary>
internal static class WorkerProgram
{
    /// <summary>Starts it with an argument that says what it is.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Start(string argument)
    {
        var program = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(WorkerProgram).Assembly.Location, argument] : [argument];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // A worker has little to keep: no thread for collections beside it, and a small heap.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = "2000000";
        return Process.Start(start)!;
    }

    /// <summary>Ends it and waits until it has; it is killed if it does not end in five seconds.</summary>
    public static void End(Process process, Stream to)
    {
        try
        {
            to.Dispose();
        }
        catch (IOException)
        {
            // It has ended before.
        }

        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            process.Kill();
        }

        process.Dispose();
    }
}

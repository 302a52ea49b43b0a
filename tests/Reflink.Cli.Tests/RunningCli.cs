using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Reflink.Cli.Tests;

/// <summary>
/// A command that runs as a process of its own, as a shell runs it. Disposing kills what still runs, so that a test that fails leaves
/// nothing behind.
/// </summary>
internal sealed partial class RunningCli : IDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    // Only a command that hangs reaches this; the slowest one takes minutes on a machine with a load of 40.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public RunningCli(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _process = Process.Start(start)!;
        (_output, _error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamWriter StandardInput => _process.StandardInput;

    /// <summary>Waits until something has happened. A command that ends before fails the test, with what it said.</summary>
    public void WaitUntil(Func<bool> happened)
    {
        for (var watch = Stopwatch.StartNew(); !happened();)
        {
            if (_process.HasExited)
            {
                var result = Finish();
                Assert.Fail($"reflink ended too early, with exit code {result.Code}: {result.Error}{result.Output}");
            }

            Assert.True(watch.Elapsed < s_patience, $"what the test waits for did not happen within {s_patience}");
            Thread.Sleep(20);
        }
    }

    /// <summary>Sends a signal with kill(2).</summary>
    public void Signal(int signal) => Assert.True(kill(_process.Id, signal) == 0, $"kill: {Marshal.GetLastPInvokeErrorMessage()}");

    public CliResult Finish()
    {
        if (!_process.WaitForExit(s_patience))
        {
            throw new TimeoutException($"reflink did not end within {s_patience}");
        }

        return new CliResult(_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}

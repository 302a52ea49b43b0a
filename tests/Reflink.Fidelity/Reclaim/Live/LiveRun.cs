using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Reflink.Testing;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>One run of a trace on the running kernel.</summary>
/// <param name="Outcomes">An <see cref="Outcome"/> for each access.</param>
/// <param name="BaseBytes">What was charged to the group before the first access.</param>
/// <param name="EndBytes">What was charged after the last one.</param>
/// <param name="Samples">The text of memory.stat after every <see cref="WorkerPlan.FlushInterval"/> accesses.</param>
/// <param name="Took">How long the accesses took.</param>
internal sealed record LiveRun(byte[] Outcomes, long BaseBytes, long EndBytes, IReadOnlyList<string> Samples, TimeSpan Took)
{
    /// <summary>Plays a trace once, in a group of its own, with nothing of the file in the page cache.</summary>
    /// <exception cref="IOException">A system call of the worker failed, or the file's pages could not be dropped.</exception>
    public static LiveRun Play(Undo undo, ScratchFolder home, LiveSuite suite, PageTrace trace, TouchKind[] kinds, string file, string? swapDevice)
    {
        var mark = undo.Mark();
        try
        {
            var group = MemoryGroup.Make(undo, suite);
            var bytes = (long)trace.Footprint << Page.Shift;
            var plan = new WorkerPlan(
                trace.Pages.Length, $"/dev/shm/reflink-reclaim-{Environment.ProcessId}", group.Statistics, group.UsageFile, file,
                suite.HasFile ? bytes : 0, suite.Swaps ? bytes : 0, swapDevice, WorkerPlan.LastProcessor);
            using var buffer = MakeBuffer(undo, plan, trace, kinds);
            if (suite.HasFile)
            {
                PageCacheOf.Drop(file);
            }

            var worker = Start(undo, home, plan);
            Await(worker, WorkerProgram.Ready);
            if (suite.HasFile)
            {
                PageCacheOf.RequireNothing(file);
            }

            group.Enter(worker.Id);
            var before = group.Usage;
            var watch = Stopwatch.StartNew();
            worker.StandardInput.BaseStream.WriteByte(1);
            worker.StandardInput.BaseStream.Flush();
            Await(worker, WorkerProgram.Done);
            var took = watch.Elapsed;
            return new LiveRun(ReadOutcomes(buffer, plan), before, group.Usage, ReadSamples(buffer, plan), took);
        }
        finally
        {
            undo.Back(mark);
        }
    }

    // In memory that is charged to this process' group: every page is there before the worker begins.
    private static SafeFileHandle MakeBuffer(Undo undo, WorkerPlan plan, PageTrace trace, TouchKind[] kinds)
    {
        undo.Do(plan.Buffer, () => BlockDevice.Fill(plan.Buffer, plan.BufferBytes), File.Delete);
        var buffer = File.OpenHandle(plan.Buffer, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(buffer, MemoryMarshal.AsBytes(trace.Pages.AsSpan()), 0);
        RandomAccess.Write(buffer, MemoryMarshal.AsBytes(kinds.AsSpan()), plan.KindsAt);
        return buffer;
    }

    private static Process Start(Undo undo, ScratchFolder home, WorkerPlan plan)
    {
        var path = home.Of("worker");
        File.WriteAllBytes(path, WorkerProgram.Make(plan));
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return undo.Do(
            "a worker process",
            () => Process.Start(new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true })!,
            process =>
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            });
    }

    private static void Await(Process worker, long step)
    {
        Span<byte> message = stackalloc byte[2 * sizeof(long)];
        if (worker.StandardOutput.BaseStream.ReadAtLeast(message, message.Length, throwOnEndOfStream: false) < message.Length)
        {
            throw new IOException("the worker ended early: it was killed, perhaps because the group's limit was too small for its pages");
        }

        var numbers = MemoryMarshal.Cast<byte, long>(message);
        if (numbers[1] != step)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the worker's system call {numbers[1]}, counted in WorkerProgram, failed: {Marshal.GetPInvokeErrorMessage((int)-numbers[0])}"));
        }
    }

    private static byte[] ReadOutcomes(SafeFileHandle buffer, WorkerPlan plan)
    {
        var outcomes = new byte[plan.Accesses];
        RandomAccess.Read(buffer, outcomes, plan.OutcomesAt);
        return outcomes;
    }

    private static string[] ReadSamples(SafeFileHandle buffer, WorkerPlan plan)
    {
        var text = new byte[WorkerPlan.SampleBytes];
        return [.. Enumerable.Range(0, plan.Samples).Select(n =>
        {
            RandomAccess.Read(buffer, text, plan.SamplesAt + ((long)n * text.Length));
            return System.Text.Encoding.ASCII.GetString(text).TrimEnd('\0');
        })];
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace Reflink.Benchmarks;

/// <summary>
/// The kernel's side of the patch benchmark: real processes, this program itself as <see cref="PatchWorker"/>s, that map the binary
/// anew each time. They patch one after the other, and each takes its own time.
/// </summary>
internal sealed class PatchWorkers : IDisposable
{
    private readonly List<(Process Process, BinaryWriter To, BinaryReader From)> _workers = [];

    private readonly string _path;

    private PatchWorkers(string path) => _path = path;

    /// <summary>Starts them; null, and why, where that cannot be done.</summary>
    public static PatchWorkers? TryStart(PatchedBinary binary, int count, out string why)
    {
        why = "this is not Linux";
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var workers = new PatchWorkers(Path.GetFullPath(binary.Path));
        try
        {
            for (var i = 0; i < count; i++)
            {
                workers.Start(binary);
            }

            // Whoever cannot map or patch says so here and not in the first round.
            workers.Map(count);
            workers.Unmap(count);
            return workers;
        }
        catch (Exception e) when (e is IOException or Win32Exception)
        {
            why = e.Message;
            workers.Dispose();
            return null;
        }
    }

    /// <summary>So many processes map the text and touch it all.</summary>
    public void Map(int processes) => TellAll(PatchWork.Map, processes, 0);

    public void Unmap(int processes) => TellAll(PatchWork.Unmap, processes, 0);

    /// <summary>They patch, one after the other; returns the nanoseconds of all together.</summary>
    public long Patch(int processes, int set) => OneByOne(PatchWork.Patch, processes, set);

    /// <inheritdoc cref="Patch"/>
    public long Revert(int processes, int set) => OneByOne(PatchWork.Revert, processes, set);

    public void CheckNew(int processes, int set) => CheckNone(OneByOne(PatchWork.CountNotNew, processes, set));

    public void CheckOld(int processes, int set) => CheckNone(OneByOne(PatchWork.CountNotOld, processes, set));

    /// <summary>What all of them have of the binary, in KiB: the smaps files of their mappings, added up.</summary>
    public (long Pss, long PrivateDirty) Memory() =>
        _workers.Select(w => SmapsFile.Sum(w.Process.Id, _path)).Aggregate((a, b) => (a.Pss + b.Pss, a.PrivateDirty + b.PrivateDirty));

    public void Dispose()
    {
        foreach (var (process, to, _) in _workers)
        {
            WorkerProgram.End(process, to.BaseStream);
        }

        _workers.Clear();
    }

    private static void CheckNone(long others)
    {
        if (others != 0)
        {
            throw new InvalidOperationException($"{others} bytes in the kernel's processes are not what was written");
        }
    }

    private void Start(PatchedBinary binary)
    {
        var process = WorkerProgram.Start(PatchWorker.Argument);
        var to = new BinaryWriter(new BufferedStream(process.StandardInput.BaseStream));
        _workers.Add((process, to, new BinaryReader(process.StandardOutput.BaseStream)));
        Describe(binary, to);
        to.Flush();
    }

    private static void Describe(PatchedBinary binary, BinaryWriter to)
    {
        to.Write(binary.Path);
        to.Write(binary.Text.Start.Offset);
        to.Write(binary.Text.Length << Page.Shift);
        to.Write(binary.Sets.Count);
        foreach (var set in binary.Sets)
        {
            var all = Enumerable.Range(0, set.Count);
            to.Write(set.Count);
            foreach (var i in all)
            {
                to.Write((int)(set.Offset(i) - binary.Text.Start.Offset));
            }

            to.Write([.. all.Select(i => set.Old(i)[0])]);
            to.Write([.. all.Select(i => set.New(i)[0])]);
        }
    }

    private void TellAll(PatchWork work, int processes, int set)
    {
        foreach (var worker in _workers.Take(processes))
        {
            Tell(worker.To, work, set);
        }

        foreach (var worker in _workers.Take(processes))
        {
            _ = worker.From.ReadInt64();
        }
    }

    private long OneByOne(PatchWork work, int processes, int set)
    {
        var sum = 0L;
        foreach (var worker in _workers.Take(processes))
        {
            Tell(worker.To, work, set);
            sum += worker.From.ReadInt64();
        }

        return sum;
    }

    private static void Tell(BinaryWriter to, PatchWork work, int set)
    {
        to.Write((byte)work);
        to.Write(set);
        to.Flush();
    }
}

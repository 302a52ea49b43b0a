using System.Globalization;
using Reflink.Cache.Simulation;
using Reflink.Ksm.Controls;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Replaying;

// A machine whose volume has the files of a trace, cold, and a process that uses them.
internal sealed class ReplayedMachine : IDisposable
{
    private readonly Machine _machine;
    private readonly MachineReplayOptions _options;

    // One; or if pages are merged, one for each copy.
    private readonly IReadOnlyList<Process> _processes;
    private readonly Dictionary<long, List<Copy>> _files = [];
    private readonly byte[] _page = new byte[Page.Size];
    private long _turn;
    private Counters _before;
    private long _accesses;
    private long _misses;

    public ReplayedMachine(MachineOptions machine, MachineReplayOptions options, IReadOnlyList<ulong> pages, CancellationToken cancel)
    {
        (_machine, _options) = (new Machine(machine), options);
        try
        {
            var root = _machine.Processes.User(0);
            _processes = [.. Enumerable.Range(1, options.Merging is null ? 1 : options.Copies).Select(n => _machine.Processes.Spawn(root, $"trace{n}"))];
            MakeFiles(pages, cancel);
            Forget();
            StartMerging();
            ResetCounts();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private readonly record struct Copy(OpenFile File, Process Process, long Address);

    private readonly record struct Counters(long Reads, long Writes, long Minor, long Major, long Evicted, long Scanned, long Stolen, long Stalls, long Stalled, long DiskWait, long Paused, long? FileRefaults, long? AnonymousRefaults, long MergeTime, long Time);

    /// <summary>What happened since <see cref="ResetCounts"/>.</summary>
    public MachineReplayRow Row
    {
        get
        {
            var now = Now();
            return new MachineReplayRow(
                _machine.Options.Policy, _machine.Cache.FrameCount, _accesses, _misses, now.Minor - _before.Minor, now.Major - _before.Major,
                now.Reads - _before.Reads, now.Writes - _before.Writes, now.Evicted - _before.Evicted,
                now.Scanned - _before.Scanned, now.Stolen - _before.Stolen, now.Stalls - _before.Stalls, now.Stalled - _before.Stalled, now.DiskWait - _before.DiskWait, now.Paused - _before.Paused, now.FileRefaults - _before.FileRefaults, now.AnonymousRefaults - _before.AnonymousRefaults, _machine.Cache.Peak, now.Time - _before.Time)
            {
                PagesShared = _options.Merging is null ? null : _machine.Ksm.Counters.PagesShared,
                PagesSharing = _options.Merging is null ? null : _machine.Ksm.Counters.PagesSharing,
                MergeNanoseconds = _options.Merging is null ? null : now.MergeTime - _before.MergeTime,
            };
        }
    }

    public void ResetCounts()
    {
        (_before, _accesses, _misses) = (Now(), 0, 0);
        _machine.Cache.ResetPeak();
    }

    public void Run(ReadOnlySpan<PageAccess> accesses)
    {
        foreach (ref readonly var access in accesses)
        {
            var reads = _machine.StoreCalls.Reads;
            Do(access);
            _misses += _machine.StoreCalls.Reads != reads ? 1 : 0;
            if (_options.Merging is not null)
            {
                // Its wakes that are due.
                _machine.Wait(TimeSpan.Zero);
            }
        }

        _accesses += accesses.Length;
    }

    public void Dispose()
    {
        foreach (var copy in _files.Values.SelectMany(copies => copies))
        {
            copy.File.Dispose();
        }

        _machine.Dispose();
    }

    private void Do(in PageAccess access)
    {
        var label = access.Page.Label;
        var copies = _files[label.Inode.Value];
        var copy = copies[(int)(_turn++ % copies.Count)];
        var at = label.Page.Value << Page.Shift;
        switch (_options.Door, access.Kind)
        {
            case (TraceDoor.Mapped, AccessKind.Write or AccessKind.Store):
                BitConverter.TryWriteBytes(_page, _options.Merging is null ? 0 : ~access.Page.Value);
                copy.Process.Memory.Store(copy.Address + at, _page.AsSpan(0, sizeof(long)));
                break;
            case (TraceDoor.Mapped, _):
                _ = copy.Process.Memory.Load<long>(copy.Address + at);
                break;
            case (_, AccessKind.Write or AccessKind.Store):
                copy.File.Write(at, _page);
                break;
            default:
                copy.File.Read(at, _page);
                break;
        }
    }

    // Each page holds its own number, so no two have equal bytes; pages that the trace leaves out are holes. What is written leaves memory before memory is short: were it
    // evicted, the policy would remember it, and take its first use for a return.
    private void MakeFiles(IReadOnlyList<ulong> pages, CancellationToken cancel)
    {
        var made = new byte[Page.Size];
        var (most, written) = (Math.Max(1, (_machine.Cache.FrameCount - _machine.Watermarks.High) / 4), 0);
        foreach (var group in pages.Select(page => new PageKey(page)).GroupBy(page => page.Label.Inode.Value))
        {
            var name = $"/file{group.Key}";
            var file = _machine.Volume.Open(name, OpenFlags.Create | OpenFlags.ReadWrite);
            foreach (var page in group)
            {
                cancel.ThrowIfCancellationRequested();
                BitConverter.TryWriteBytes(made, page.Value + 1);
                file.Write(page.Label.Page.Value << Page.Shift, made);
                if (++written % most == 0)
                {
                    Forget();
                }
            }

            _files[group.Key] = [new Copy(file, _processes[0], 0)];
            MakeCopies(name, group.Key, cancel);
        }
    }

    private void MakeCopies(string name, long number, CancellationToken cancel)
    {
        var copies = _files[number];
        for (var n = 1; n < _options.Copies; n++)
        {
            cancel.ThrowIfCancellationRequested();
            _machine.Volume.Clone(name, $"{name}.{n}");
            copies.Add(new Copy(_machine.Volume.Open($"{name}.{n}", OpenFlags.ReadWrite), _processes[n % _processes.Count], 0));
        }

        if (_machine.Options.Keying == CacheKeying.Content)
        {
            _machine.Volume.ShareClones(name, [.. Enumerable.Range(1, copies.Count - 1).Select(n => $"{name}.{n}")]);
        }

        for (var n = 0; n < copies.Count; n++)
        {
            copies[n] = copies[n] with { Address = Map(copies[n], number) };
        }
    }

    private void Forget()
    {
        _machine.Volume.Sync();
        _machine.DropCaches();
    }

    private long Map(Copy copy, long number)
    {
        var (file, kind) = (copy.File, _options.Merging is null ? MappingKind.Shared : MappingKind.Private);
        try
        {
            return _options.Door == TraceDoor.Mapped ? copy.Process.Memory.Map(file, 0, file.Size, Protection.ReadWrite, kind) : 0;
        }
        catch (ReflinkException e) when (e.Error == Errno.ENOMEM)
        {
            throw new ReflinkException(
                Errno.ENOMEM,
                $"file {number} of the trace reaches to byte {file.Size}, and there is no room to map {Counted.Of(_options.Copies, "file")} like it; replay the trace by read() and write(), without --mapped, or with fewer --copies", e);
        }
    }

    private void StartMerging()
    {
        if (_options.Merging is not { } merging)
        {
            return;
        }

        foreach (var process in _processes)
        {
            process.Prctl(ProcessOption.SetMemoryMerge, 1);
        }

        (_machine.Ksm.Tunables.PagesToScan, _machine.Ksm.Tunables.SleepMilliseconds) = (merging.PagesToScan, merging.SleepMilliseconds);
        _machine.Ksm.Run = KsmRun.Merge;
    }

    private Counters Now()
    {
        var (cache, reclaimed, (reads, writes)) = (_machine.Cache, _machine.Cache.Reclaimed, _machine.DiskWaits);
        return new Counters(
            _machine.StoreCalls.Reads, _machine.StoreCalls.Writes, _processes.Sum(process => process.MinorFaults), _processes.Sum(process => process.MajorFaults), cache.Evictions,
            reclaimed.Scanned, reclaimed.Stolen, reclaimed.Stalls, reclaimed.StalledNanoseconds, reads + writes, _machine.DirtyPauses.Nanoseconds,
            Counter("workingset_refault_file"), Counter("workingset_refault_anon"), _machine.TimeOf(_machine.Ksm.Account), _machine.Clock.Now);
    }

    private long? Counter(string name) => _machine.Control["/proc/vmstat"].Split('\n').FirstOrDefault(line => line.StartsWith($"{name} ", StringComparison.Ordinal)) is { } line
        ? long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture)
        : null;
}

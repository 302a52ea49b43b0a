using Reflink.Ksm.Controls;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Fidelity.Ksm;

/// <summary>A machine of the library as a script's system. As on the kernel, one process with nothing to scan is always there, and a change of the scanner's sleep is a batch.</summary>
public sealed class ModelKsm : IKsmSystem
{
    private const long Base = 0x10_0000_0000;
    private const uint Hour = 3_600_000;
    private readonly Machine _machine;
    private readonly SortedDictionary<int, Process> _processes = [];
    private readonly OpenFile _file;

    /// <summary>Switches a machine on.</summary>
    /// <param name="mapsZeroPage">Whether loads from memory that was never written show the page of zeroes.</param>
    public ModelKsm(bool mapsZeroPage = true)
    {
        _machine = new Machine(new MachineOptions { Memory = 16 << 20, MapsZeroPage = mapsZeroPage });
        _file = _machine.Volume.Open("/script", OpenFlags.Read | OpenFlags.Write | OpenFlags.Create);
        for (var page = 0; page < KsmContents.FilePages; page++)
        {
            _file.Write((long)page << Page.Shift, KsmContents.Bytes(KsmContents.OfFile(page)));
        }

        _machine.Ksm.Tunables.SleepMilliseconds = Hour;
        var visited = Spawn();
        visited.Memory.MapAnonymous(Page.Size, Protection.Read | Protection.Write, address: Base);
        visited.Madvise(Base, Page.Size, Advice.Mergeable);
    }

    /// <inheritdoc/>
    public Errno? Apply(KsmOp op)
    {
        try
        {
            return op.Process == 0 ? ApplyToMachine(op) : ApplyToProcess(op);
        }
        catch (ReflinkException e)
        {
            return e.Error;
        }
    }

    /// <inheritdoc/>
    public KsmState Observe(Errno? error)
    {
        var c = _machine.Ksm.Counters;
        return new()
        {
            Error = error,
            Counters =
            [
                c.PagesShared, c.PagesSharing, c.PagesUnshared, c.PagesVolatile, c.PagesScanned, c.PagesSkipped, c.FullScans,
                c.StableNodeChains, c.StableNodeDups, c.ZeroPages, c.GeneralProfit, _machine.Ksm.CowKsm,
            ],
            Processes = [.. _processes.Select(p => Observe(p.Key, p.Value))],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
    }

    private Errno? ApplyToMachine(KsmOp op)
    {
        var tunables = _machine.Ksm.Tunables;
        switch (op.Verb)
        {
            case KsmVerb.Scan:
                tunables.SleepMilliseconds = Hour + 1 - (tunables.SleepMilliseconds - Hour);
                _machine.Wait(TimeSpan.Zero);
                return null;
            case KsmVerb.Run:
                _machine.Ksm.Run = (KsmRun)op.Value;
                return null;
            case KsmVerb.MaxPageSharing:
                tunables.MaxPageSharing = (int)op.Value;
                return null;
            case KsmVerb.PagesToScan:
                tunables.PagesToScan = (uint)op.Value;
                return null;
            case KsmVerb.PruneMillisecs:
                tunables.StableNodeChainsPruneMilliseconds = (uint)op.Value;
                return null;
            case KsmVerb.SmartScan or KsmVerb.UseZeroPages when op.Value > 1:
                return Errno.EINVAL;
            case KsmVerb.SmartScan:
                tunables.SmartScan = op.Value == 1;
                return null;
            case KsmVerb.UseZeroPages:
                tunables.UseZeroPages = op.Value == 1;
                return null;
            default:
                throw new ArgumentException($"{op} is nothing that a machine does");
        }
    }

    private Errno? ApplyToProcess(KsmOp op)
    {
        if (op.Verb == KsmVerb.Start)
        {
            return _processes.ContainsKey(op.Process) ? Errno.EEXIST : Add(op.Process, Spawn());
        }

        if (!_processes.TryGetValue(op.Process, out var process))
        {
            return Errno.ESRCH;
        }

        switch (op.Verb)
        {
            case KsmVerb.Fork:
                return _processes.ContainsKey((int)op.Value) ? Errno.EEXIST : Add((int)op.Value, process.Fork());
            case KsmVerb.Exit:
                process.Exit();
                _processes.Remove(op.Process);
                return null;
            case KsmVerb.MergeAny:
                process.Prctl(ProcessOption.SetMemoryMerge, op.Value);
                return null;
            default:
                return ApplyToMemory(process.Memory, op);
        }
    }

    private Errno? ApplyToMemory(AddressSpace memory, KsmOp op)
    {
        var (start, length) = (At(op.Page), (long)op.Count << Page.Shift);
        switch (op.Verb)
        {
            case KsmVerb.Unmap:
                memory.Unmap(start, length);
                return null;
            case KsmVerb.Write:
                EachPage(op, at => memory.Store(at, KsmContents.Bytes(op.Value)));
                return null;
            case KsmVerb.Touch:
                EachPage(op, at => memory.Store(at, [memory.Load<byte>(at)]));
                return null;
            case KsmVerb.Read:
                EachPage(op, at => memory.Load<ulong>(at));
                return null;
            case KsmVerb.Mergeable or KsmVerb.Unmergeable or KsmVerb.DontNeed:
                memory.Advise(start, length, op.Verb == KsmVerb.Mergeable ? Advice.Mergeable : op.Verb == KsmVerb.DontNeed ? Advice.DontNeed : Advice.Unmergeable);
                return null;
            default:
                return Map(memory, op, start, length);
        }
    }

    // As with MAP_FIXED_NOREPLACE.
    private Errno? Map(AddressSpace memory, KsmOp op, long start, long length)
    {
        if (memory.Mappings.Any(v => v.Start.Address < start + length && v.End.Address > start))
        {
            return Errno.EEXIST;
        }

        const Protection readWrite = Protection.Read | Protection.Write;
        _ = op.Verb switch
        {
            KsmVerb.MapAnonymous => memory.MapAnonymous(length, readWrite, address: start),
            KsmVerb.MapSharedAnonymous => memory.MapAnonymous(length, readWrite, MappingKind.Shared, address: start),
            KsmVerb.MapPrivateFile => memory.Map(_file, start - Base, length, readWrite, address: start),
            KsmVerb.MapSharedFile => memory.Map(_file, start - Base, length, readWrite, MappingKind.Shared, address: start),
            KsmVerb.MapReadOnlyFile => memory.Map(_file, start - Base, length, Protection.Read, MappingKind.Shared, address: start),
            _ => throw new ArgumentException($"{op} is nothing that a process does"),
        };
        return null;
    }

    private static void EachPage(KsmOp op, Action<long> act)
    {
        for (var page = op.Page; page < op.Page + op.Count; page++)
        {
            act(At(page));
        }
    }

    private KsmProcessState Observe(int number, Process process)
    {
        var stat = _machine.Ksm.StatOf(process);
        var frames = new ulong[KsmState.Pages];
        var words = new ulong[KsmState.Pages];
        for (var page = 0; page < frames.Length; page++)
        {
            frames[page] = FrameOf(process, At(page));
            words[page] = frames[page] == KsmProcessState.NoFrame ? 0 : process.Memory.Load<ulong>(At(page));
        }

        return new()
        {
            Number = number, Items = stat.RmapItems, ZeroPages = stat.ZeroPages, Merging = stat.MergingPages, Profit = stat.ProcessProfit,
            MergeAny = stat.MergeAny, Mergeable = stat.Mergeable, Frames = frames, Words = words,
        };
    }

    // A block has one frame; a private page that is not there has none.
    private static ulong FrameOf(Process process, long address) =>
        process.Memory.Find(address) is { IsShared: false, Private: { } own } vma && own.Map.TryFind(vma.PageOf(VirtualPage.Of(address)), out var extent)
            ? extent.Block.IsZero ? KsmProcessState.ZeroFrame : (ulong)extent.Block.Value + 1
            : KsmProcessState.NoFrame;

    private static long At(int page) => Base + ((long)page << Page.Shift);

    private Process Spawn() => _machine.Processes.Spawn(_machine.Processes.User(0), "script");

    private Errno? Add(int number, Process process)
    {
        _processes[number] = process;
        return null;
    }
}

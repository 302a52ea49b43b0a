using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Experiments;

/// <summary>The machine that steps act on, and the processes that they started, by name.</summary>
internal sealed class ExperimentBench(Machine machine, IProgress<ExperimentProgress>? progress, CancellationToken cancel) : IDisposable
{
    /// <summary>Big moves go in parts of 1 MiB, between which they can be stopped.</summary>
    private const int Part = 1 << 20;

    private readonly SortedDictionary<string, Process> _processes = new(StringComparer.Ordinal);
    private readonly List<MappedFile> _mappings = [];
    private readonly byte[] _buffer = new byte[Part];
    private Process? _tool;

    /// <summary>The machine as it was switched on last.</summary>
    public Machine Machine { get; private set; } = machine;

    /// <summary>Patch sets by name.</summary>
    public PatchShelf Patches { get; private set; } = new();

    /// <summary>A process of root, which changes what belongs to no process.</summary>
    public Process Tool => _tool ??= Machine.Processes.Spawn(Machine.Processes.User(0), "tool");

    /// <summary>The machine's clock when the experiment began.</summary>
    public long Began { get; private set; } = machine.Clock.Now;

    /// <summary>What interrupts waiting, if something does.</summary>
    public BenchAlarm? Alarm { get; set; }

    /// <summary>Names of processes that steps started, in ordinal order.</summary>
    public IReadOnlyCollection<string> Processes => _processes.Keys;

    /// <summary>Switches the machine off.</summary>
    public void Dispose() => Machine.Dispose();

    /// <summary>What processes that have not ended map.</summary>
    public IReadOnlyList<MappedFile> Mappings => [.. _mappings.Where(m => m.Process.IsAlive)];

    /// <summary>Calls <paramref name="move"/> part by part until all is moved or it moves nothing; returns how much was.</summary>
    public long Move(string what, long offset, long length, Func<long, Memory<byte>, int> move)
    {
        var done = 0L;
        for (int step; done < length && (step = move(offset + done, _buffer.AsMemory(0, (int)Math.Min(Part, length - done)))) > 0; done += step)
        {
            Report(new ExperimentProgress(what, done + step, length));
        }

        return done;
    }

    /// <summary>Lets simulated time pass; the alarm rings at its time.</summary>
    public void Wait(TimeSpan time)
    {
        var end = checked(Machine.Clock.Now + (time.Ticks * TimeSpan.NanosecondsPerTick));
        while (Alarm is { } alarm && alarm.Next < end)
        {
            cancel.ThrowIfCancellationRequested();
            WaitUntil(alarm.Next);
            alarm.Ring();
        }

        WaitUntil(end);
    }

    /// <summary>Tells how far a step is, and ends it if that was asked for.</summary>
    public void Report(ExperimentProgress done)
    {
        cancel.ThrowIfCancellationRequested();
        progress?.Report(done);
    }

    /// <summary>Maps a whole file into a process, which is started if there is none of that name.</summary>
    public void Map(string file, string process, Protection protection, MappingKind kind)
    {
        RequireNew(file, process);
        using var open = Machine.Volume.Open($"/{file}", kind == MappingKind.Shared ? OpenFlags.ReadWrite : OpenFlags.Read);
        if (open.Size == 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{file}' is empty, and nothing of it can be mapped; write to it first");
        }

        var running = Started(process);
        _mappings.Add(new MappedFile(process, running, file, running.Memory.Map(open, 0, open.Size, protection, kind), open.Size));
    }

    public void Unmap(string file, string process)
    {
        var mapping = Mapping(file, process);
        mapping.Process.Memory.Unmap(mapping.Address, mapping.Size);
        _mappings.Remove(mapping);
    }

    /// <summary>Gives a process anonymous memory, which steps call by a name as they call files.</summary>
    public void Allocate(string name, string process, long size, long address = 0)
    {
        RequireNew(name, process);
        var running = Started(process);
        _mappings.Add(new MappedFile(process, running, name, running.Memory.MapAnonymous(size, Protection.ReadWrite, address: address), size));
    }

    /// <summary>Why pages of a mapping do not merge.</summary>
    public IEnumerable<MappingExplanation> Explain(MappedFile mapping) => Machine.Ksm.Explain(mapping.Process, mapping.Address, mapping.Size).Select(e =>
        new MappingExplanation(
            mapping.User, mapping.Name, e.Start - VirtualPage.Of(mapping.Address), e.Count, e.Obstacle.ToString(), e.Partition, e.UntilPass, e.Sentence));

    public MappedFile Mapping(string file, string process) => _mappings.Find(m => m.User == process && m.Name == file)
        ?? throw new ReflinkException(Errno.EFAULT, $"process '{process}' does not map '{file}'; put 'map {file} {process}' before");

    /// <summary>Starts a child that has what its parent has.</summary>
    public void Fork(string parent, string child)
    {
        var running = Running(parent);
        if (_processes.ContainsKey(child))
        {
            throw new ReflinkException(Errno.EEXIST, $"there is a process '{child}'; give the child another name");
        }

        var forked = _processes[child] = running.Fork();
        _mappings.AddRange(_mappings.FindAll(m => m.User == parent).Select(m => m with { User = child, Process = forked }));
    }

    public void Exit(string process)
    {
        Running(process).Exit();
        _processes.Remove(process);
        _mappings.RemoveAll(m => m.User == process);
    }

    /// <summary>The frame that a page of a mapping is in; null if it is in none.</summary>
    public FrameNumber? FrameOf(MappedFile mapping, long page)
    {
        var at = VirtualPage.Of(mapping.Address) + page;
        return mapping.Process.Memory.Find(at.Address) is not { } vma ? null
            : new Machines.FrameCensus(Machine).Pages(mapping.Process, vma).Where(use => use.Page == at).Select(use => (FrameNumber?)use.Frame).FirstOrDefault();
    }

    // Time spans count hundreds of nanoseconds, so the alarm may ring up to one of them late.
    public void WaitUntil(long moment) =>
        Machine.Wait(TimeSpan.FromTicks((Math.Max(0, moment - Machine.Clock.Now) + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick));

    /// <summary>Starts a process of a user.</summary>
    public void Spawn(string process, string user, long group)
    {
        if (_processes.ContainsKey(process))
        {
            throw new ReflinkException(Errno.EEXIST, $"there is a process '{process}'; give this one another name");
        }

        _processes[process] = Machine.Processes.Spawn(User(user), process, new GroupId((int)Math.Min(group, int.MaxValue)));
    }

    /// <summary>Has a process run another program.</summary>
    public void Exec(string process, string program)
    {
        Running(process).Exec(program);
        _mappings.RemoveAll(m => m.User == process);
    }

    /// <summary>The user of that name, who is added if new; root is always there.</summary>
    public User User(string name) => Machine.Processes.Users.FirstOrDefault(user => user.Name == name) ?? Machine.Processes.AddUser(name);

    /// <summary>Cuts the power and switches on again: processes and all that was not synced are gone.</summary>
    public void Crash()
    {
        if (Machine.Options.Store is not { Use: StoreUse.Durable })
        {
            throw new ReflinkException(Errno.EINVAL, "this machine's disk is gone when it is switched off; give it one that is kept (disk: kept)");
        }

        SwitchOn();
    }

    /// <summary>Goes on with a new machine of the same kind, with nothing in it.</summary>
    public void Renew()
    {
        if (Machine.Options.Store is { Use: StoreUse.Durable })
        {
            throw new ReflinkException(Errno.EINVAL, "this machine's disk is kept, so what is switched on next would find it; use 'crash', or leave out 'disk: kept'");
        }

        SwitchOn();
        Patches = new PatchShelf();
    }

    private void SwitchOn()
    {
        var end = Machine.Clock.Now;
        Machine.Dispose();
        Machine = new Machine(Machine.Options);
        Began += Machine.Clock.Now - end;
        if (Alarm is { } alarm)
        {
            alarm.Next += Machine.Clock.Now - end;
        }

        _processes.Clear();
        _mappings.Clear();
        _tool = null;
    }

    /// <summary>Whether the process of that name was killed because memory ran out.</summary>
    public bool IsKilled(string name) => _processes.TryGetValue(name, out var process) && process.IsKilled;

    /// <summary>The process of that name.</summary>
    public Process Running(string name) => _processes.TryGetValue(name, out var process) ? process
        : throw new ReflinkException(Errno.ESRCH, $"there is no process '{name}'; 'map NAME {name}' starts one");

    private void RequireNew(string name, string process)
    {
        if (_mappings.Exists(m => m.User == process && m.Name == name))
        {
            throw new ReflinkException(Errno.EEXIST, $"process '{process}' maps '{name}' already; let another process map it");
        }
    }

    private Process Started(string name)
    {
        if (!_processes.TryGetValue(name, out var running))
        {
            _processes[name] = running = Machine.Processes.Spawn(Machine.Processes.User(0), name);
        }

        return running;
    }
}

using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Experiments;

/// <summary>The machine that steps act on, and the processes that they started, by name.</summary>
internal sealed class ExperimentBench(Machine machine, IProgress<ExperimentProgress>? progress, CancellationToken cancel)
{
    /// <summary>Big moves go in parts of 1 MiB, between which they can be stopped.</summary>
    private const int Part = 1 << 20;

    private readonly SortedDictionary<string, Process> _processes = new(StringComparer.Ordinal);
    private readonly List<MappedFile> _mappings = [];
    private readonly byte[] _buffer = new byte[Part];

    public Machine Machine => machine;

    /// <summary>The machine's clock when the experiment began.</summary>
    public long Began { get; } = machine.Clock.Now;

    /// <summary>What interrupts waiting, if something does.</summary>
    public BenchAlarm? Alarm { get; set; }

    /// <summary>Names of processes that steps started, in ordinal order.</summary>
    public IReadOnlyCollection<string> Processes => _processes.Keys;

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
        var end = checked(machine.Clock.Now + (time.Ticks * TimeSpan.NanosecondsPerTick));
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

    /// <summary>Maps a whole file, writable, and private if nothing else is said, into a process, which is started if there is none of that name.</summary>
    public void Map(string file, string process, bool shared = false)
    {
        RequireNew(file, process);
        using var open = machine.Volume.Open($"/{file}", shared ? OpenFlags.ReadWrite : OpenFlags.Read);
        if (open.Size == 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{file}' is empty, and nothing of it can be mapped; write to it first");
        }

        var running = Started(process);
        _mappings.Add(new MappedFile(process, running, file, running.Memory.Map(open, 0, open.Size, Protection.ReadWrite, shared ? MappingKind.Shared : MappingKind.Private), open.Size));
    }

    /// <summary>Gives a process anonymous memory, which steps call by a name as they call files.</summary>
    public void Allocate(string name, string process, long size)
    {
        RequireNew(name, process);
        var running = Started(process);
        _mappings.Add(new MappedFile(process, running, name, running.Memory.MapAnonymous(size, Protection.ReadWrite), size));
    }

    /// <summary>Why pages of a mapping do not merge.</summary>
    public IEnumerable<MappingExplanation> Explain(MappedFile mapping) => machine.Ksm.Explain(mapping.Process, mapping.Address, mapping.Size).Select(e =>
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

    // Time spans count hundreds of nanoseconds, so the alarm may ring up to one of them late.
    private void WaitUntil(long moment) =>
        machine.Wait(TimeSpan.FromTicks((Math.Max(0, moment - machine.Clock.Now) + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick));

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
            _processes[name] = running = machine.Processes.Spawn(machine.Processes.User(0), name);
        }

        return running;
    }

    private Process Running(string name) => _processes.TryGetValue(name, out var process) ? process
        : throw new ReflinkException(Errno.ESRCH, $"there is no process '{name}'; 'map NAME {name}' starts one");
}

namespace Reflink.Vm;

/// <summary>A process: a user, an address space, and what it did.</summary>
public sealed class Process
{
    private readonly ProcessTable _table;
    private readonly Meter _meter;
    private int _node;
    private int _adjustment;

    internal Process(
        ProcessTable table, Meter meter, ProcessId id, ProcessId parent, User user, GroupId group, string name, AddressSpace memory)
    {
        (_table, _meter) = (table, meter);
        (Id, Parent, User, Group, Account, Name, Memory) = (id, parent, user, group, meter.Open(), name, memory);
        memory.Process = this;
    }

    /// <summary>The number.</summary>
    public ProcessId Id { get; }

    /// <summary>The process that forked it; 0 if it was spawned.</summary>
    public ProcessId Parent { get; }

    /// <summary>Whose it is.</summary>
    public User User { get; }

    /// <summary>Whose memory it counts with.</summary>
    public GroupId Group { get; }

    /// <summary>The account that pays for what it does.</summary>
    public AccountId Account { get; }

    /// <summary>The name that reports print.</summary>
    public string Name { get; internal set; }

    /// <summary>The NUMA node whose memory its private pages take, as long as there is any (set_mempolicy(2), MPOL_PREFERRED); fork inherits it.</summary>
    /// <exception cref="ReflinkException">EINVAL: the machine has no such node.</exception>
    public int Node
    {
        get => _node;
        set => _node = value >= 0 && value < _table.Nodes
            ? value
            : throw new ReflinkException(Errno.EINVAL, $"there is no node {value}; the machine has {_table.Nodes}");
    }

    /// <summary>The address space.</summary>
    public AddressSpace Memory { get; }

    /// <summary>Whether it has not exited.</summary>
    public bool IsAlive { get; internal set; } = true;

    /// <summary>Whether it was ended because memory ran out (<see cref="OutOfMemory.Kill"/>); every call of it fails from then on.</summary>
    public bool IsKilled { get; internal set; }

    /// <summary>
    /// Makes the process more or less likely to be ended when memory runs out, by thousandths of memory and swap, -1,000 (never) to 1,000 (before all others that are not so); fork inherits it
    /// (oom_score_adj).
    /// </summary>
    /// <exception cref="ReflinkException">EINVAL: it is not -1,000 to 1,000.</exception>
    public int OutOfMemoryAdjustment
    {
        get => _adjustment;
        set => _adjustment = value is >= -1000 and <= 1000
            ? value
            : throw new ReflinkException(Errno.EINVAL, $"{nameof(OutOfMemoryAdjustment)} is {value}; it is -1000 (never ended) to 1000");
    }

    /// <summary>Faults that found the page in memory.</summary>
    public long MinorFaults => _meter.Of(Account, WorkKind.MinorFault);

    /// <summary>Faults that had to read from the store.</summary>
    public long MajorFaults => _meter.Of(Account, WorkKind.MajorFault);

    /// <summary>Makes a child with the same mappings; private pages are shared until one writes (fork(2)).</summary>
    /// <exception cref="ReflinkException">ESRCH.</exception>
    /// <example><code>
    /// var child = process.Fork();    // shares all memory until one of them writes
    /// </code></example>
    public Process Fork() => _table.Fork(this);

    /// <summary>Runs another program: all mappings go (execve(2)).</summary>
    /// <exception cref="ReflinkException">ESRCH.</exception>
    public void Exec(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _table.Exec(this, name);
    }

    /// <summary>Ends (exit(2)).</summary>
    /// <exception cref="ReflinkException">ESRCH.</exception>
    public void Exit() => _table.Exit(this);

    /// <summary>Gives advice about a range of memory (madvise(2)).</summary>
    /// <param name="address">Where the range begins: whole pages.</param>
    /// <param name="length">Bytes, rounded up to whole pages.</param>
    /// <param name="advice">What is advised.</param>
    /// <exception cref="ReflinkException">As <see cref="AddressSpace.Advise"/>.</exception>
    public void Madvise(long address, long length, Advice advice) => Memory.Advise(address, length, advice);

    /// <summary>Sets or gets an option of this process (prctl(2)).</summary>
    /// <param name="option">Which.</param>
    /// <param name="arguments">arg2 to arg5; those that the option does not use must be 0 or left out.</param>
    /// <returns>What was asked for, or 0.</returns>
    /// <exception cref="ReflinkException">EINVAL: an unknown option, or an argument that must be 0; ENOMEM, EIO; ESRCH.</exception>
    public long Prctl(ProcessOption option, params ReadOnlySpan<long> arguments)
    {
        using var _ = EnterCall();
        var used = option == ProcessOption.SetMemoryMerge ? 1 : 0;
        if (arguments.Length < used || arguments.Length > 4 || arguments[used..].ContainsAnyExcept(0))
        {
            throw new ReflinkException(Errno.EINVAL, $"{option} takes {used} arguments; the others must be 0");
        }

        foreach (var adviser in _table.Advisers)
        {
            if (adviser.TryPrctl(this, option, used == 0 ? 0 : arguments[0], out var result))
            {
                return result;
            }
        }

        throw new ReflinkException(Errno.EINVAL, $"there is no option {(int)option}");
    }

    /// <inheritdoc/>
    public override string ToString() => $"process {Id} ({Name})";

    /// <summary>How many entries of all processes lead to each frame now.</summary>
    internal MapCounts CountMappers() => _table.CountMappers();

    /// <summary>Checks that the process can do something, after those that were killed have ended.</summary>
    /// <exception cref="ReflinkException">ESRCH.</exception>
    internal void RequireRunning()
    {
        _table.Killer.EndKilled();
        if (!IsAlive || IsKilled)
        {
            throw Gone();
        }
    }

    /// <summary>Says that the process is no more.</summary>
    internal ReflinkException Gone() => new(Errno.ESRCH, IsKilled ? $"{this} was killed because memory ran out" : $"{this} has exited");

    /// <summary>Enters a system call of this process: counted, and what it does is charged to it until the scope ends.</summary>
    /// <exception cref="ReflinkException">ESRCH.</exception>
    internal MeterScope EnterCall()
    {
        _table.RequireOn();
        RequireRunning();
        var scope = _meter.As(Account);
        _meter.Count(WorkKind.SystemCall);
        return scope;
    }
}

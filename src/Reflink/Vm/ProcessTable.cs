namespace Reflink.Vm;

/// <summary>All processes and users of a machine.</summary>
public sealed class ProcessTable
{
    private readonly VmServices _vm;
    private readonly Paging _paging;
    private readonly List<Process> _processes = [];

    // By number, as they are added; reports walk the living only.
    private readonly List<Process> _alive = [];
    private readonly SortedDictionary<int, User> _users = new() { [0] = new User(new UserId(0), "root") };

    /// <summary>A table with the user root and no process.</summary>
    internal ProcessTable(VmServices vm)
    {
        (_vm, _paging) = (vm, new Paging(vm));
        vm.Locks = new FrameLocks(this, vm.Cache);
        vm.Cache.Reclaimer.Mappers = new MappedFrames(this, vm.Cache, vm.Locks);
        Killer = new OutOfMemoryKiller(this, vm, vm.Cache.SwapPages.Capacity);
    }

    /// <summary>How many pages a load that faults maps at once, as far as they are in memory: a power of two, 1 for the page alone.</summary>
    internal int FaultAroundPages
    {
        get => _vm.FaultAroundPages;
        set => _vm.FaultAroundPages = value;
    }

    /// <summary>Every process that was ever made, by number.</summary>
    public IReadOnlyList<Process> All => _processes;

    /// <summary>The processes that have not exited just now, by number.</summary>
    public IReadOnlyList<Process> Alive => [.. _alive];

    /// <summary>The users, by number.</summary>
    public IEnumerable<User> Users => _users.Values;

    /// <summary>The user with that number.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is none.</exception>
    public User User(int id) => _users.TryGetValue(id, out var user)
        ? user
        : throw new ReflinkException(Errno.EINVAL, $"there is no user {id}; add it first");

    /// <summary>Adds a user; the number is the next free one from 1000 on, as useradd(8) gives.</summary>
    /// <example><code>
    /// var ann = machine.Processes.AddUser("ann");
    /// </code></example>
    public User AddUser(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        RequireOn();
        var user = new User(new UserId(Math.Max(1000, _users.Keys.Last() + 1)), name);
        _users.Add(user.Id.Value, user);
        return user;
    }

    /// <summary>Starts a process with an empty address space.</summary>
    /// <param name="user">Whose it is.</param>
    /// <param name="name">The name that reports print.</param>
    /// <param name="group">Whose memory it counts with.</param>
    /// <example><code>
    /// var shell = machine.Processes.Spawn(machine.Processes.User(0), "shell");
    /// </code></example>
    public Process Spawn(User user, string name, GroupId group = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(name);
        return Add(default, user, group, name);
    }

    /// <summary>Ends processes when memory runs out, if the machine does that.</summary>
    internal OutOfMemoryKiller Killer { get; }

    internal IReadOnlyList<IAdviser> Advisers => _vm.Advisers;

    internal void RequireOn() => _vm.Cache.Frames.RequireOn();

    /// <summary>How many entries of all processes lead to each frame now.</summary>
    internal MapCounts CountMappers() => new(this, _vm.Cache);

    internal int Nodes => _vm.Cache.Nodes;

    internal Process Fork(Process parent)
    {
        using var _ = parent.EnterCall();
        _vm.Meter.Count(WorkKind.Fork);
        var child = Add(parent.Id, parent.User, parent.Group, parent.Name);
        (child.Node, child.OutOfMemoryAdjustment) = (parent.Node, parent.OutOfMemoryAdjustment);
        child.Memory.CopyFrom(parent.Memory);
        _vm.Lifecycle.ForEach(o => o.Forked(parent, child));
        return child;
    }

    internal void Exec(Process process, string name)
    {
        using var _ = process.EnterCall();
        process.Memory.Clear();
        process.Name = name;
        _vm.Meter.Tracing?.Executed(process.Id);
        _vm.Lifecycle.ForEach(o => o.Executed(process));
    }

    internal void Exit(Process process)
    {
        using var _ = process.EnterCall();
        End(process);
    }

    /// <summary>A process ends, at its own wish or because it was killed.</summary>
    internal void End(Process process)
    {
        process.Memory.Clear();
        process.IsAlive = false;
        _alive.Remove(process);
        _vm.Meter.Tracing?.Exited(process.Id);
        _vm.Lifecycle.ForEach(o => o.Exited(process));
    }

    private Process Add(ProcessId parent, User user, GroupId group, string name)
    {
        RequireOn();
        var id = new ProcessId(_processes.Count + 1);
        var process = new Process(this, _vm.Meter, id, parent, user, group, name, new AddressSpace(_vm, _paging));
        _processes.Add(process);
        _alive.Add(process);
        _vm.Meter.Tracing?.Forked(parent, id);
        return process;
    }
}

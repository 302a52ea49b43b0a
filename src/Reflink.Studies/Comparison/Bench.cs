using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Comparison;

/// <summary>A fresh machine with the binary on its volume and nothing cached, on which one mechanism is tried.</summary>
public sealed class Bench : IDisposable
{
    /// <summary>Where the binary lies.</summary>
    public const string FilePath = "/binary";

    private readonly List<PatchedProcess> _processes = [];
    private readonly List<Region> _regions = [];

    internal Bench(ComparisonPlan plan, MachineOptions options, IMechanism mechanism)
    {
        Plan = plan;
        Machine = new Machine(mechanism.Configure(options));
        Install(FilePath, plan.Elf.Read(0, (int)plan.Elf.Size));
        mechanism.Install(this);
        Machine.DropCaches();
        Tool = Machine.Processes.Spawn(Machine.Processes.User(0), "tool");
    }

    /// <summary>What is tried.</summary>
    public ComparisonPlan Plan { get; }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>The processes to patch.</summary>
    public IReadOnlyList<PatchedProcess> Processes => _processes;

    /// <summary>Who patches from outside, such as the program that makes a patched copy: a process of root, and none of those that are patched.</summary>
    public Process Tool { get; }

    /// <summary>The memory of the processes that is compared, process by process.</summary>
    internal IReadOnlyList<Region> Regions => _regions;

    /// <summary>Puts a file on the volume.</summary>
    public void Install(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Machine.Volume.Create(path);
        file.Write(0, bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => Machine.Dispose();

    /// <summary>Steps, each of which starts one process, users and profiles in turn.</summary>
    internal IEnumerable<Action> Start(IMechanism mechanism)
    {
        var users = Enumerable.Range(0, Plan.Users).Select(u => Machine.Processes.AddUser($"user{u}")).ToArray();
        return Enumerable.Range(0, Plan.Processes).Select(i => (Action)(() =>
        {
            var process = Machine.Processes.Spawn(users[Plan.UserOf(i)], "patched");
            _processes.Add(new PatchedProcess(process, Plan.ProfileOf(i), Machine.Volume, FilePath));
            _regions.AddRange(mechanism.Start(this, _processes[^1]));
        }));
    }

    /// <summary>What the processes and the tool have spent so far, and what everyone else has.</summary>
    internal (long Callers, long Others) Spent()
    {
        var callers = Machine.Processes.All.Select(p => p.Account).ToHashSet();
        var (own, others) = (0L, 0L);
        for (var n = 0; n < Machine.Meter.AccountCount; n++)
        {
            var time = Machine.TimeOf(new AccountId(n));
            (own, others) = callers.Contains(new AccountId(n)) ? (own + time, others) : (own, others + time);
        }

        return (own, others);
    }
}

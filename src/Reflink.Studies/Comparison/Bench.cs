using Reflink.Machines;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>A fresh machine with the binary on its volume and nothing cached, on which one mechanism is tried.</summary>
public sealed class Bench : IDisposable
{
    /// <summary>Where the binary lies.</summary>
    public const string FilePath = "/binary";

    private readonly List<TextMapping> _mappings = [];

    internal Bench(ComparisonPlan plan, long frames, long swapPages)
    {
        Plan = plan;
        Machine = new Machine(new MachineOptions { Memory = frames << Page.Shift, Swap = swapPages << Page.Shift });
        using var file = Machine.Volume.Create(FilePath);
        file.Write(0, plan.Elf.Read(0, (int)plan.Elf.Size));
        Machine.DropCaches();
        Tool = Machine.Meter.Open();
    }

    /// <summary>What is tried.</summary>
    public ComparisonPlan Plan { get; }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>The text mappings of all processes, process by process.</summary>
    public IReadOnlyList<TextMapping> Mappings => _mappings;

    /// <summary>The account of whoever patches from outside, such as the program that makes a patched copy.</summary>
    public AccountId Tool { get; }

    /// <inheritdoc/>
    public void Dispose() => Machine.Dispose();

    /// <summary>Steps, each of which maps one text in one process, users in turn.</summary>
    internal IEnumerable<Action> Start()
    {
        var users = Enumerable.Range(0, Plan.Users).Select(u => Machine.Processes.AddUser($"user{u}")).ToArray();
        for (var i = 0; i < Plan.Processes; i++)
        {
            var process = Machine.Processes.Spawn(users[i % users.Length], "patched");
            foreach (var text in Plan.Texts)
            {
                yield return () => _mappings.Add(new TextMapping(process, text, Machine.Volume, FilePath));
            }
        }
    }

    /// <summary>What the processes and the tool have spent so far, and what everyone else has.</summary>
    internal (long Callers, long Others) Spent()
    {
        var callers = Machine.Processes.All.Select(p => p.Account).Append(Tool).ToHashSet();
        var (own, others) = (0L, 0L);
        for (var n = 0; n < Machine.Meter.AccountCount; n++)
        {
            var time = Machine.TimeOf(new AccountId(n));
            (own, others) = callers.Contains(new AccountId(n)) ? (own + time, others) : (own, others + time);
        }

        return (own, others);
    }
}

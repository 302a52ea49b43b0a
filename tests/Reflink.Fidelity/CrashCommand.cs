using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Reflink.Fidelity.Crash;

namespace Reflink.Fidelity;

/// <summary>Crashes a durable volume at every moment of random programs, and of all short ones, and kills processes that use one.</summary>
internal sealed class CrashCommand
{
    private const double KillsPerSeed = 1.6;

    private readonly Option<string> _seeds = new("--seeds") { Description = "Which programs: A..B, both included.", DefaultValueFactory = _ => "1..20" };
    private readonly Option<int?> _kills = new("--kills") { Description = "How many processes are killed; 1.6 a seed if nothing is said." };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };

    /// <summary>The command for a command line.</summary>
    public Command Build()
    {
        var command = new Command("crash", "Crashes at every moment, with lost, torn and reordered writes, and SIGKILL: no completed sync may be lost, none mixed.") { _seeds, _kills, _json };
        command.SetAction(Act);
        return command;
    }

    private int Act(ParseResult line)
    {
        if (!SeedRange.TryParse(line.GetValue(_seeds)!, out var seeds))
        {
            Console.Error.WriteLine("--seeds: wants A..B, as in 1..20");
            return 2;
        }

        Preflight.Here.Tell("a temporary directory on a disk that keeps what was flushed; the crashes are played in memory, only the kills are real");
        var clock = Stopwatch.StartNew();
        var chosen = seeds.ToArray();
        var runs = new List<CrashRun>();
        Parallel.ForEach(chosen, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed => Add(runs, CrashRun.Of(seed)));
        var random = runs.Sum(r => r.States);
        Console.Error.WriteLine($"{chosen.Length} random programs: {random} states, {clock.Elapsed.TotalSeconds:F0} s");
        var small = ShortPrograms.All().ToArray();
        Parallel.ForEach(small, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, p => Add(runs, ShortPrograms.Run(p)));
        var kills = line.GetValue(_kills) ?? (int)(chosen.Length * KillsPerSeed);
        Console.Error.WriteLine($"{small.Length} short programs: {runs.Sum(r => r.States) - random} states, {clock.Elapsed.TotalSeconds:F0} s");
        var killed = new List<string?>();
        Parallel.ForEach(
            Enumerable.Range(chosen[0], kills), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed => Add(killed, KillRun.Of(seed)));
        var failures = runs.SelectMany(r => r.Failures).Concat(killed.OfType<string>()).ToArray();
        foreach (var failure in failures.Take(3))
        {
            Console.Error.WriteLine(failure);
        }

        var states = runs.Sum(r => r.States);
        Console.WriteLine(line.GetValue(_json)
            ? JsonSerializer.Serialize(new
            {
                programs = chosen.Length, shortPrograms = small.Length, states, statesOfRandomPrograms = random,
                crashesInRecovery = runs.Sum(r => r.Recrashed), kills, failures = failures.Length, seconds = (int)clock.Elapsed.TotalSeconds,
            })
            : $"{chosen.Length} random programs, {small.Length} short ones: {states} crash states ({random} of random programs; in {runs.Sum(r => r.Recrashed)} recovery crashed, too), "
                + $"{kills} SIGKILLs, {failures.Length} failures, {clock.Elapsed.TotalSeconds:F0} s");
        return failures.Length == 0 ? 0 : 1;
    }

    private static void Add<T>(List<T> to, T item)
    {
        lock (to)
        {
            to.Add(item);
        }
    }
}

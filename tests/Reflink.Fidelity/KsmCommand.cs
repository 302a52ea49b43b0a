using System.CommandLine;
using Reflink.Fidelity.Ksm;

namespace Reflink.Fidelity;

/// <summary>Plays scripts on the running kernel's KSM, and compares it step by step with what it should be.</summary>
internal sealed class KsmCommand
{
    // Differences of scripts that are shortened; shortening takes some hundreds of plays.
    private const int Detailed = 3;

    private readonly Option<string> _seeds = new("--seeds") { Description = "Which scripts: A..B, both included.", DefaultValueFactory = _ => "1..20" };
    private readonly Option<bool> _vectors = new("--vectors") { Description = "Check what is known of small scripts instead." };
    private readonly Option<bool> _again = new("--again") { Description = "Compare the kernel with itself, which tests the driver." };
    private readonly Option<FileInfo?> _record = new("--record") { Description = "Record the kernel's states to this file." };
    private readonly Option<FileInfo?> _script = new("--script") { Description = "Play the script in this file, a step a line, and print the states." };

    /// <summary>The command for a command line.</summary>
    public Command Build()
    {
        var command = new Command("ksm", "KSM of the running kernel (root; /sys/kernel/mm/ksm is restored) beside the model, step by step.") { _seeds, _vectors, _again, _record, _script };
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

        Preflight.Here.Tell("root, x86-64, Linux 6.7 or later with KSM, one NUMA node, and nobody else who uses KSM; /sys/kernel/mm/ksm is restored");
        using var host = KsmHost.TryMake(out var why);
        if (host is null)
        {
            Console.Error.WriteLine($"skipped: {why}");
            return 1;
        }

        return line.GetValue(_script) is { } script ? Print(host, [.. File.ReadLines(script.FullName).Where(l => l != "").Select(KsmOp.Parse)])
            : line.GetValue(_vectors) ? Check(host)
            : line.GetValue(_record) is { } file ? Record(host, seeds, file.FullName)
            : Compare(host, seeds, line.GetValue(_again) ? host.Begin : () => new ModelKsm(host.MapsZeroPage));
    }

    private static int Print(KsmHost host, IReadOnlyList<KsmOp> script)
    {
        using var system = host.Begin();
        foreach (var (op, state) in script.Zip(KsmScript.Play(script, system)))
        {
            Console.WriteLine($"> {op}\n{state}");
        }

        return 0;
    }

    private static int Check(KsmHost host)
    {
        var failed = 0;
        var vectors = KsmVector.All();
        foreach (var (who, begin) in ((string, Func<IKsmSystem>)[])[("kernel", host.Begin), ("model", () => new ModelKsm(host.MapsZeroPage))])
        {
            foreach (var vector in vectors)
            {
                using var system = begin();
                foreach (var difference in vector.Check(system))
                {
                    Console.WriteLine($"{vector.Name}: {who}, {difference}");
                    failed++;
                }
            }
        }

        Console.WriteLine($"{vectors.Count} vectors, {failed} differences");
        return failed == 0 ? 0 : 1;
    }

    private static int Record(KsmHost host, IEnumerable<int> seeds, string file)
    {
        var recorded = seeds.Select(seed =>
        {
            using var system = host.Begin();
            return KsmRecording.Make(seed, KsmScript.Make(seed), system);
        });
        KsmRecording.Save(file, recorded);
        return 0;
    }

    private static int Compare(KsmHost host, IEnumerable<int> seeds, Func<IKsmSystem> other)
    {
        var (scripts, states, different) = (0, 0, 0);
        foreach (var seed in seeds)
        {
            var script = KsmScript.Make(seed);
            scripts++;
            states += script.Count;
            if (KsmDifference.Find(script, host.Begin, other) is { } difference)
            {
                Tell(host, seed, script, difference, inShort: ++different <= Detailed, other);
            }
        }

        Console.WriteLine($"{scripts} scripts, {states} states: {(different == 0 ? "equal" : $"{different} scripts differ")}");
        return different == 0 ? 0 : 1;
    }

    private static void Tell(KsmHost host, int seed, IReadOnlyList<KsmOp> script, KsmDifference found, bool inShort, Func<IKsmSystem> other)
    {
        Console.WriteLine($"seed {seed} differs at step {found.Step}, {script[found.Step]}, in {found.Kind}{(inShort ? "; in short:" : "")}");
        if (inShort)
        {
            var shortest = KsmScript.Shorten([.. script.Take(found.Step + 1)], s => KsmDifference.Find(s, host.Begin, other)?.Kind == found.Kind);
            found = KsmDifference.Find(shortest, host.Begin, other) ?? found;
            Console.WriteLine(string.Join('\n', shortest));
        }

        Console.WriteLine(found);
    }
}

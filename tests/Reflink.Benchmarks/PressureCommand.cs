using System.CommandLine;
using Reflink.Benchmarks.Pressure;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>What clones and patched pages cost where memory is short: store reads, pages made again and pages swapped, counted.</summary>
internal sealed class PressureCommand() : MeasuringCommand("pressure", "Clones and patched processes where memory is short: store reads, pages made again, pages swapped.")
{
    private const int Sites = 30_000;
    private const int Rounds = 3;
    private readonly Option<string> _binary = new("--binary") { Description = "The binary to patch.", DefaultValueFactory = _ => PatchedBinary.Default };

    protected override IReadOnlyList<Option> Options => [_binary];

    protected override Report Measure(int rounds, ParseResult line)
    {
        var claims = new List<Claim>();
        foreach (var policy in (string[])["lru", "linux"])
        {
            Say($"clones, {policy}");
            claims.AddRange(ClonedRound.Count(policy));
        }

        var binary = new PatchedBinary(line.GetValue(_binary)!, [Sites]);
        List<string> notes = [binary.Description];
        var aware = Play(binary, "lru, knowing recipes", new MachineOptions { Memory = 20 << 20, Policy = "lru", RecipeAware = true }, false, notes);
        var plain = Play(binary, "lru", new MachineOptions { Memory = 20 << 20, Policy = "lru" }, false, notes);
        var copies = Play(binary, "lru, private copies", new MachineOptions { Memory = 20 << 20, Swap = 1 << 30, Policy = "lru" }, true, notes);
        claims.Add(Claim.Exactly("25 patched and 25 plain processes in 20 MiB, knowing recipes, store reads after the first round", aware.Reads, 0, ""));
        claims.Add(Claim.Least("the same, derived pages made again", aware.Made, 1, ""));
        claims.Add(Claim.Least("with plain lru, store reads a page made again", plain.Reads / (double)plain.Made, 0.5, ""));
        claims.Add(Claim.Least("with private copies, pages in swap", copies.Swapped, 1, ""));
        return new Report(Name, rounds, [], claims) { Notes = notes };
    }

    private static (long Reads, long Made, long Swapped) Play(PatchedBinary binary, string what, MachineOptions options, bool copies, List<string> notes)
    {
        Say(what);
        using var played = new PatchedRounds(binary, binary.Sets[0], options, copies);
        var (reads, made) = played.Round();
        notes.Add($"{what}: first round {reads:N0} store reads, {made:N0} pages made");
        (reads, made) = (0, 0);
        for (var n = 1; n < Rounds; n++)
        {
            var (r, m) = played.Round();
            (reads, made) = (reads + r, made + m);
        }

        notes.Add($"{what}: the next {Rounds - 1} rounds {reads:N0} store reads, {made:N0} pages made, {played.Swapped:N0} in swap");
        return (reads, made, played.Swapped);
    }
}

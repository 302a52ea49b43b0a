using System.CommandLine;
using System.CommandLine.Parsing;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>Breakpoints on the functions of a real binary in many processes: poked in our machine, beside mprotect and stores on the live kernel.</summary>
internal sealed class PatchCommand : MeasuringCommand
{
    private readonly Option<string> _binary = new("--binary")
    {
        Description = "The binary whose functions are patched.",
        DefaultValueFactory = _ => PatchedBinary.Default,
    };

    public PatchCommand()
        : base("patch", "Patch 1,000 to 30,000 functions in 1 to 50 processes, load them, revert; mprotect on this kernel beside.") =>
        _binary.Validators.Add(CheckBinary);

    protected override IReadOnlyList<Option> Options => [_binary];

    protected override Report Measure(int rounds, ParseResult line)
    {
        Say("starting the kernel's processes");
        var binary = new PatchedBinary(line.GetValue(_binary)!, PatchContest.Sizes);
        using var workers = PatchWorkers.TryStart(binary, PatchContest.MostProcesses, out var why);
        var contest = new PatchContest(binary, workers, why);
        var standings = Run(contest.Contestants, rounds);
        return new Report(Name, rounds, standings, Claims(standings, contest.Over)) { Notes = [binary.Description] };
    }

    private static List<Claim> Claims(IReadOnlyList<Standing> standings, string over) =>
    [
        Claim.Least("poke and one load of every patched byte, the kernel's patching to ours", KernelToOurs(standings, PatchContest.WithLoads), 10, "×"),
        Claim.Least("poke alone, the kernel's patching to ours", KernelToOurs(standings, PatchContest.Patching), 20, "×"),
        Claim.Most("a first poke, ours to a bare copy of the pages that it derives", 1 / Of(standings, PatchContest.Deriving, PatchContest.Copy)?.Ratio, 3, "×"),
        .. over.Length == 0 ? [] : (Claim[])[Claim.Most("a second set to the first, ours", Time(standings, over) / Time(standings, PatchContest.Patching), 2, "×")],
    ];

    private static double? Time(IReadOnlyList<Standing> standings, string discipline) => Of(standings, discipline, Contestant.Ours)?.Times?.Median;

    private static Standing? Of(IReadOnlyList<Standing> standings, string discipline, string who) =>
        standings.FirstOrDefault(s => s.Contestant.Discipline == discipline && s.Contestant.Name == who);

    private static double? KernelToOurs(IReadOnlyList<Standing> standings, string discipline) =>
        Of(standings, discipline, PatchContest.Kernel)?.Ratio;

    private static void CheckBinary(OptionResult result)
    {
        try
        {
            _ = new PatchedBinary(result.GetValueOrDefault<string>(), PatchContest.Sizes);
        }
        catch (ReflinkException e)
        {
            result.AddError($"--binary: {e.Message}");
        }
    }
}

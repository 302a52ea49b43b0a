using System.CommandLine;
using System.CommandLine.Parsing;
using Reflink.Studies.Comparison;

namespace Reflink.Cli.Compare;

/// <summary>The options that give processes different parts of the sites: --profiles, or --random with --seed.</summary>
internal sealed class ProfileOptions
{
    private const ulong UsualSeed = 1;

    private readonly Option<int?> _profiles = OptionKinds.OptionalCount("--profiles", "Give processes in turn one of N profiles: a tenth of the sites, beginning at every N-th part of them");
    private readonly Option<decimal?> _random = OptionKinds.Percent("--random", "Give each process a random part of the sites");
    private readonly Option<ulong> _seed = OptionKinds.Seed("--seed", UsualSeed, "What --random draws with (SplitMix64): the same seed, the same sites");

    public void AddTo(Command command)
    {
        command.Options.Add(_profiles);
        command.Options.Add(_random);
        command.Options.Add(_seed);
    }

    public void Validate(CommandResult result, Option patches, int processes)
    {
        foreach (var (one, other) in new (Option, Option)[] { (_profiles, _random), (_profiles, patches), (_random, patches) })
        {
            if (result.IsGiven(one) && result.IsGiven(other))
            {
                result.AddError($"{one.Name} and {other.Name} both say what a process is patched with; give one of them");
            }
        }

        if (result.IsGiven(_seed) && !result.IsGiven(_random))
        {
            result.AddError("--seed is for --random; give that too, such as --random 1");
        }

        if (result.GivenCount(_profiles) > processes)
        {
            result.AddError($"--profiles {result.GivenCount(_profiles)} is more than --processes {processes}; every profile has a process");
        }
    }

    public PatchChoice Choose(ParseResult line, PatchSet all, int processes) =>
        line.GetValue(_profiles) is { } profiles ? PatchChoice.Consecutive(all, profiles)
        : line.GetValue(_random) is { } percent ? PatchChoice.Random(all, percent, processes, line.GetValue(_seed))
        : PatchChoice.All(all);
}

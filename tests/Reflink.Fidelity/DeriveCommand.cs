using System.CommandLine;
using Reflink.Fidelity.Filesystems;

namespace Reflink.Fidelity;

/// <summary>Makes files from descriptions on the model, and by cp --reflink and the same edits on live XFS, and compares bytes and sharing.</summary>
internal sealed class DeriveCommand
{
    private readonly Option<string> _seeds = new("--seeds") { Description = "Which scripts: A..B, both included.", DefaultValueFactory = _ => "1..20" };
    private readonly Option<int> _edits = new("--edits") { Description = "Edits of a script.", DefaultValueFactory = _ => 12 };

    /// <summary>The command for a command line.</summary>
    public Command Build()
    {
        var command = new Command("derive", "Live XFS on a loop device (root) beside files that the model makes from descriptions, by seeded edits.") { _seeds, _edits };
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

        Preflight.Here.Tell("root, loop devices and xfsprogs; an image of 1 GiB, sparse, in the temporary directory");
        using var xfs = LoopImage.TryXfs(out var why);
        if (xfs is null)
        {
            Console.WriteLine($"derive: skipped: {why}");
            return 1;
        }

        var (scripts, different, made, more) = (0, 0, 0, 0);
        foreach (var seed in seeds)
        {
            using var script = new DerivedScript(seed, xfs.Path);
            scripts++;
            if (script.Play(line.GetValue(_edits)) is { } difference)
            {
                different++;
                Console.WriteLine($"seed {seed}: {difference}");
            }

            (made, more) = (made + script.MadeOnDemand, more + script.SharedMore);
        }

        Console.WriteLine($"xfs: {scripts} scripts of {line.GetValue(_edits)} edits: {(different == 0 ? "equal" : $"{different} scripts differ")}; {made} pages made on demand, {more} shared that XFS wrote anew with the bytes that they had");
        return different == 0 ? 0 : 1;
    }
}

using System.CommandLine;
using System.Text.Json;
using Reflink.Fidelity.Filesystems;

namespace Reflink.Fidelity;

/// <summary>Plays scripts of file operations on the model's volume and on live XFS and Btrfs, and compares them.</summary>
internal sealed class VolumeCommand
{
    // Differences of scripts that are shortened; shortening takes some hundreds of plays.
    private const int Detailed = 3;

    private readonly Option<string> _seeds = new("--seeds") { Description = "Which scripts: A..B, both included.", DefaultValueFactory = _ => "1..20" };
    private readonly Option<int> _ops = new("--ops") { Description = "Steps of a script.", DefaultValueFactory = _ => 700 };
    private readonly Option<int> _every = new("--every") { Description = "After how many steps the files are compared.", DefaultValueFactory = _ => 20 };
    private readonly Option<bool> _unmasked = new("--unmasked") { Description = "Compare with Btrfs without masking what it is known to do otherwise." };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };

    /// <summary>The command for a command line.</summary>
    public Command Build()
    {
        var command = new Command("volume", "Live XFS and Btrfs on loop devices (root) beside the model's volume, by seeded scripts of system calls.") { _seeds, _ops, _every, _unmasked, _json };
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

        Preflight.Here.Tell("root, loop devices, xfsprogs and btrfs-progs; images of 1 GiB, sparse, in the temporary directory");
        var log = line.GetValue(_json) ? Console.Error : Console.Out;
        using var xfs = LoopImage.TryXfs(out var whyNotXfs);
        using var btrfs = LoopImage.TryBtrfs(out var whyNotBtrfs);
        var mask = line.GetValue(_unmasked) ? (Func<IEnumerable<FileOp>, IReadOnlyList<FileOp>>)(s => [.. s]) : BtrfsMasks.Apply;
        VolumeVerdict[] verdicts =
        [
            Compare("xfs", xfs, whyNotXfs, seeds, s => [.. s], line, log),
            Compare("btrfs", btrfs, whyNotBtrfs, seeds, mask, line, log),
        ];
        if (line.GetValue(_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(verdicts, JsonSerializerOptions.Web));
        }
        else
        {
            Array.ForEach(verdicts, Console.WriteLine);
        }

        return verdicts.All(v => v.Skipped is null && v.DifferentSeeds.Count == 0) ? 0 : 1;
    }

    private VolumeVerdict Compare(
        string name, LoopImage? image, string why, IEnumerable<int> seeds, Func<IEnumerable<FileOp>, IReadOnlyList<FileOp>> mask, ParseResult line, TextWriter log)
    {
        if (image is null)
        {
            return new(name, 0, 0, [], why);
        }

        var (scripts, steps, every) = (0, 0, line.GetValue(_every));
        List<int> different = [];
        foreach (var seed in seeds)
        {
            var script = FileScript.Make(seed, line.GetValue(_ops));
            scripts++;
            steps += mask(script).Count;
            if (Find(mask(script), every, image) is { } difference)
            {
                different.Add(seed);
                log.WriteLine($"{name}: seed {seed} differs after step {difference.Step} in {difference.Kind}: {difference.What}");
                Tell(script, difference, s => Find(mask(s), 1, image), different.Count <= Detailed, log);
            }
        }

        return new(name, scripts, steps, different, null);
    }

    private static void Tell(
        IReadOnlyList<FileOp> script, FileDifference found, Func<IReadOnlyList<FileOp>, FileDifference?> find, bool inShort, TextWriter log)
    {
        if (inShort)
        {
            var shortest = FileScript.Shorten(script, s => find(s)?.Kind == found.Kind);
            log.WriteLine($"in short, model and live:\n  {string.Join("\n  ", shortest)}\n  {find(shortest)}");
        }
    }

    private static FileDifference? Find(IReadOnlyList<FileOp> script, int every, LoopImage image) =>
        FileDifference.Find(script, every, () => new ModelFiles(FileScript.Files), () => new LiveFiles(image.Path, FileScript.Files));
}

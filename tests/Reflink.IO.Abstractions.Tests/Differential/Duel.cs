using System.IO.Abstractions.TestingHelpers;

namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>Plays programs on a volume and on another filesystem, call by call.</summary>
internal sealed class Duel(Func<Stage> makeOther)
{
    /// <summary>The same program on the filesystem of this computer, in a folder of its own.</summary>
    public static Duel WithSystem(ScratchFolder scratch)
    {
        var count = 0;
        return new(() => new(new FileSystem(), Directory.CreateDirectory(scratch.Of($"p{count++}/w")).FullName));
    }

    /// <summary>The same program on a MockFileSystem.</summary>
    public static Duel WithMock() => new(() =>
    {
        var mock = new MockFileSystem();
        mock.Directory.CreateDirectory("/p/w");
        return new(mock, "/p/w");
    });

    /// <summary>The first difference, if there is one. Our machine is checked afterwards.</summary>
    public Difference? Play(IReadOnlyList<Step> program)
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, SwitchedOnAt = new(2025, 1, 1, 0, 0, 0, default) });
        var fs = new VolumeFileSystem(machine.Volume);
        fs.Directory.CreateDirectory("/p/w");
        using var ours = new Stage(fs, "/p/w");
        using var theirs = makeOther();
        for (var n = 0; n < program.Count; n++)
        {
            var (one, two) = (ours.Play(program[n]), theirs.Play(program[n]));
            if (one != two)
            {
                return new(n, program[n].ToString(), $"{one} {ours.Message}", $"{two} {theirs.Message}");
            }

            if (one is "!IOException" or "!FileNotFoundException" or "!DirectoryNotFoundException" or "!UnauthorizedAccessException" && !ours.Message.Contains('/', StringComparison.Ordinal))
            {
                return new(n, program[n].ToString(), $"the message names no path: {ours.Message}", "");
            }
        }

        ours.Dispose();
        theirs.Dispose();
        Fsck.Require(machine);
        var (ourTree, theirTree) = (ours.Tree(), theirs.Tree());
        return ourTree == theirTree ? null : new(program.Count, "the tree afterwards", $"\n{ourTree}", $"\n{theirTree}");
    }

    /// <summary>A program that still differs and of which no step can be left out.</summary>
    public IReadOnlyList<Step> Shrink(IReadOnlyList<Step> program, Difference difference)
    {
        var best = program.Take(difference.Step + 1).ToList();
        for (var width = Math.Max(1, best.Count / 2); width > 0; width /= 2)
        {
            for (var at = best.Count - width; at >= 0; at -= width)
            {
                List<Step> without = [.. best.Take(at), .. best.Skip(at + width)];
                if (Play(without) is not null)
                {
                    best = without;
                }
            }
        }

        return best;
    }
}

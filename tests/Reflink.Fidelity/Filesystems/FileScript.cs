using Reflink.Files;
using Reflink.Studies;

namespace Reflink.Fidelity.Filesystems;

/// <summary>Makes scripts of file operations from seeds, and shortens those that fail.</summary>
public static class FileScript
{
    /// <summary>How many files a script works on.</summary>
    public const int Files = 4;

    private const int Pages = 48;

    private static readonly (FileVerb Verb, int Weight)[] s_weights =
    [
        (FileVerb.Write, 30), (FileVerb.Truncate, 8), (FileVerb.Clone, 4), (FileVerb.CloneRange, 14), (FileVerb.Dedupe, 12),
        (FileVerb.CopyRange, 12), (FileVerb.Fallocate, 22), (FileVerb.Seek, 3), (FileVerb.Sync, 3),
    ];

    private static readonly FallocateMode[] s_modes =
    [
        FallocateMode.Allocate, FallocateMode.KeepSize, FallocateMode.PunchHole | FallocateMode.KeepSize,
        FallocateMode.PunchHole | FallocateMode.KeepSize, FallocateMode.ZeroRange, FallocateMode.ZeroRange | FallocateMode.KeepSize,
        FallocateMode.CollapseRange, FallocateMode.InsertRange, FallocateMode.UnshareRange,
        FallocateMode.UnshareRange | FallocateMode.KeepSize, FallocateMode.PunchHole, FallocateMode.CollapseRange | FallocateMode.KeepSize,
        FallocateMode.PunchHole | FallocateMode.ZeroRange | FallocateMode.KeepSize,
    ];

    /// <summary>The script of a seed.</summary>
    public static IReadOnlyList<FileOp> Make(int seed, int length)
    {
        var random = new SplitMix((ulong)seed);
        return [.. Enumerable.Range(0, length).Select(_ => Draw(random))];
    }

    /// <summary>Leaves out of a script that fails whatever it fails without.</summary>
    public static IReadOnlyList<FileOp> Shorten(IReadOnlyList<FileOp> script, Func<IReadOnlyList<FileOp>, bool> fails)
    {
        for (var part = Math.Max(1, script.Count / 2); part >= 1; part /= 2)
        {
            for (var at = 0; at + part <= script.Count;)
            {
                IReadOnlyList<FileOp> shorter = [.. script.Take(at), .. script.Skip(at + part)];
                if (fails(shorter))
                {
                    script = shorter;
                }
                else
                {
                    at += part;
                }
            }
        }

        return script;
    }

    private static FileOp Draw(SplitMix random)
    {
        var verb = DrawVerb(random);
        var op = new FileOp(verb, random.Below(Files), Offset(random), Length(random), random.Below(Files), Offset(random));
        return verb switch
        {
            // Few contents, so that some pages are equal; 0 writes zeroes.
            FileVerb.Write => op with { Value = random.Below(6) },
            FileVerb.Fallocate => op with { Value = (int)s_modes[random.Below(s_modes.Length)] },
            FileVerb.Seek when random.Below(2) == 0 => op with { Offset = -1 - random.Below(2) },
            FileVerb.Seek => op with { Offset = (long)Pages << (Page.Shift + 8) },
            FileVerb.CloneRange when random.Below(4) == 0 => op with { Length = 0 },
            _ => op,
        };
    }

    private static FileVerb DrawVerb(SplitMix random)
    {
        var at = random.Below(s_weights.Sum(w => w.Weight));
        foreach (var (verb, weight) in s_weights)
        {
            if ((at -= weight) < 0)
            {
                return verb;
            }
        }

        return FileVerb.Write;
    }

    // Half of all offsets and lengths are whole pages; of the others many are near a page's border.
    private static long Offset(SplitMix random) => Rough(random, (long)random.Below(Pages) << Page.Shift);

    private static long Length(SplitMix random) => Rough(random, (1L + random.Below(random.Below(3) == 0 ? Pages / 2 : 6)) << Page.Shift);

    private static long Rough(SplitMix random, long bytes) => random.Below(6) switch
    {
        0 => bytes + random.Below(Page.Size),
        1 => bytes + 1 + random.Below(8),
        2 => Math.Max(1, bytes - 1 - random.Below(8)),
        _ => bytes,
    };
}

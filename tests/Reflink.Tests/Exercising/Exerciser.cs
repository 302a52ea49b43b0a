using CsCheck;
using Reflink.Units;

namespace Reflink.Tests.Exercising;

/// <summary>Makes programs from seeds, plays them, and shortens those that fail.</summary>
internal static class Exerciser
{
    private const int Length = 160;

    private const int ShrinkingPrograms = 200;

    private static readonly Gen<Op> s_op = Gen.Select(
        Gen.Frequency([.. Enum.GetValues<Verb>().Select(verb => (Weight(verb), (IGen<Verb>)Gen.Const(verb)))]),
        Gen.ULong,
        (verb, dice) => new Op(verb, dice));

    private static readonly Verb[] s_mapping = [Verb.MapAnonymous, Verb.MapAnonymous, Verb.Map];

    private static readonly Verb[] s_merging =
    [
        Verb.Fill, Verb.Fill, Verb.Fill, Verb.Fill, Verb.Store, Verb.Store, Verb.Scan, Verb.Scan, Verb.Scan, Verb.Scan, Verb.Scan,
        Verb.PassPartition, Verb.PassPartition, Verb.PassPartition, Verb.Advise, Verb.Advise, Verb.Ask, Verb.Ask, Verb.Join, Verb.Join,
        Verb.Open, Verb.MapAnonymous, Verb.Option, Verb.Tune, Verb.Fork, Verb.Evict, Verb.Discard, Verb.Move, Verb.Resize, Verb.Pin,
    ];

    private static readonly Gen<Op[]> s_programs = s_op.Array[Length];
    private static readonly Gen<Op[]> s_anyLength = s_op.Array[1, Length];

    /// <summary>A program: some files and mappings, then anything.</summary>
    public static Op[] Make(int seed)
    {
        var pcg = new PCG((uint)(seed & 0xFFFF), (ulong)seed);
        var program = s_programs.Generate(pcg, null, out _);
        for (var i = 0; i < 9; i++)
        {
            program[i] = program[i] with { Verb = i < 3 ? Verb.Write : Verb.Map };
        }

        if (seed / WorldKind.All.Length % 2 == 1)
        {
            MakeMerge(program);
        }

        return program;
    }

    // Pages merge only after several steps that fit each other: left to chance there would be next to none.
    private static void MakeMerge(Op[] program)
    {
        (program[3], program[4]) = (Open(0), Open(1));
        for (var i = 5; i < program.Length; i++)
        {
            // Other bits than those that the arguments are cut from.
            var lot = (int)(unchecked(program[i].Dice * 0x9E37_79B9_7F4A_7C15) >> 40) & 0xFFFF;
            var verb = i < 11 ? s_mapping[lot % s_mapping.Length] : lot % 4 == 0 ? program[i].Verb : s_merging[(lot >> 2) % s_merging.Length];
            program[i] = new Op(verb, verb is Verb.Map or Verb.MapAnonymous ? PrivateAndWritable(program[i].Dice, i) : program[i].Dice);
        }
    }

    // "red", and "red/in", which inherits from it.
    private static Op Open(int which) => new(Verb.Open, ((ulong)which << 8) | (1UL << 16));

    // Six pages for a process and at a place in turn; a fourth of what chance maps could be merged.
    private static ulong PrivateAndWritable(ulong dice, int turn)
    {
        const ulong Chosen = 0x00FF_00FF_FFFF_FF00;
        var (process, slot) = ((ulong)turn % 3, (ulong)turn / 3 * 8 % 24);
        return (dice & ~Chosen) | (process << 8) | (slot << 16) | (5UL << 24) | (3UL << 48);
    }

    /// <summary>What went wrong, or null.</summary>
    public static string? Play(IEnumerable<Op> program, WorldKind kind, Rule broken, List<string>? notes = null, long[]? merges = null)
    {
        using var world = new World(kind, broken, notes);
        try
        {
            foreach (var op in program)
            {
                world.Play(op);
                world.Check(op);
            }

            world.Finish();
            for (var form = 0; form < merges?.Length; form++)
            {
                merges[form] += world.Merges[form];
            }

            return null;
        }
        catch (Failure e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.ToString();
        }
    }

    /// <summary>
    /// CsCheck's shrinking: it makes a fixed number of programs, each smaller than the last that failed. Most are shortened further by leaving out what does not matter (<see cref="Shorten"/>), which keeps to the failure at hand.
    /// </summary>
    public static Op[] Smaller(Op[] failing, WorldKind kind, Rule broken)
    {
        var smallest = failing;
        try
        {
            s_anyLength.Sample(
                program =>
                {
                    if (Play(program, kind, broken) is null)
                    {
                        return true;
                    }

                    smallest = program;
                    return false;
                },
                iter: ShrinkingPrograms,
                threads: 1);
        }
        catch (CsCheckException)
        {
            // That a program fails is known; the last that did is the smallest.
        }

        return smallest;
    }

    /// <summary>Leaves out ever smaller parts while what is left still fails.</summary>
    public static List<Op> Shorten(IEnumerable<Op> program, WorldKind kind, Rule broken)
    {
        var shortest = program.ToList();
        for (var part = shortest.Count / 2; part >= 1; part /= 2)
        {
            for (var at = 0; at + part <= shortest.Count;)
            {
                var shorter = shortest.Take(at).Concat(shortest.Skip(at + part)).ToList();
                if (Play(shorter, kind, broken) is not null)
                {
                    shortest = shorter;
                }
                else
                {
                    at += part;
                }
            }
        }

        return shortest;
    }

    /// <summary>The failing program as short as it gets, in words, and how to repeat it.</summary>
    public static string Report(int seed, WorldKind kind, Rule broken)
    {
        var shortest = Shorten(Smaller(Make(seed), kind, broken), kind, broken);
        var notes = new List<string>();
        var failure = Play(shortest, kind, broken, notes);
        return $"REFLINK_EXERCISE_SEED={seed} fails on {kind}, in short:\n  {string.Join("\n  ", notes)}\n{failure}";
    }

    private static int Weight(Verb verb) => verb switch
    {
        Verb.Store => 9,
        Verb.Load or Verb.Poke => 7,
        Verb.Write or Verb.Evict => 5,
        Verb.Map or Verb.DebugWrite or Verb.CloneRange or Verb.Punch or Verb.Revert => 4,
        Verb.Fill or Verb.PassPartition or
        Verb.Overlay or Verb.Probe or Verb.Unlay => 2,
        Verb.Fork or Verb.Protect or Verb.Dedupe or Verb.Truncate or Verb.MapAnonymous => 2,
        _ => 1,
    };
}

using CsCheck;
using Reflink.Units;

namespace Reflink.Tests.Exercising;

/// <summary>Makes programs from seeds, plays them, and shortens those that fail.</summary>
internal static class Exerciser
{
    private const int Length = 160;

    private const int ShrinkingSeconds = 2;

    private static readonly Gen<Op> s_op = Gen.Select(
        Gen.Frequency([.. Enum.GetValues<Verb>().Select(verb => (Weight(verb), (IGen<Verb>)Gen.Const(verb)))]),
        Gen.ULong,
        (verb, dice) => new Op(verb, dice));

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

        return program;
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
    /// CsCheck's shrinking: it makes programs on, each smaller than the last that failed, for as long as a report may take. Most
    /// are shortened further by leaving out what does not matter (<see cref="Shorten"/>), which keeps to the failure at hand.
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
                time: ShrinkingSeconds,
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
        Verb.Fill => 8,
        Verb.Load or Verb.Poke => 7,
        Verb.Write or Verb.Evict or Verb.Scan => 5,
        Verb.Map or Verb.DebugWrite or Verb.CloneRange or Verb.Punch or Verb.Revert => 4,
        Verb.Advise or Verb.Ask or Verb.Join or Verb.Open => 3,
        Verb.PassPartition or Verb.Move or
        Verb.Overlay or Verb.Probe or Verb.Unlay => 2,
        Verb.Fork or Verb.Protect or Verb.Dedupe or Verb.Truncate or Verb.MapAnonymous => 2,
        _ => 1,
    };
}

using CsCheck;
using Reflink.Units;

namespace Reflink.Tests.Exercising;

/// <summary>Makes programs from seeds, plays them, and shortens those that fail.</summary>
internal static class Exerciser
{
    private const int Length = 80;

    private static readonly Gen<Op[]> s_programs = Gen.Select(
        Gen.Frequency(
            (9, Gen.OneOf(Gen.Const(Verb.Store), Gen.Const(Verb.Load))),
            (8, Gen.Const(Verb.Write)),
            (8, Gen.OneOf(Gen.Const(Verb.Map), Gen.Const(Verb.Poke))),
            (5, Gen.OneOf(Gen.Const(Verb.Fork), Gen.Const(Verb.Revert))),
            (16, Gen.Enum<Verb>())),
        Gen.ULong,
        (verb, dice) => new Op(verb, dice)).Array[Length];

    /// <summary>A program: some files and mappings, then anything.</summary>
    public static Op[] Make(int seed)
    {
        var pcg = new PCG((uint)(seed & 0xFFFF), (ulong)seed);
        var program = s_programs.Generate(pcg, null, out _);
        for (var i = 0; i < 8; i++)
        {
            program[i] = program[i] with { Verb = i < 4 ? Verb.Write : Verb.Map };
        }

        return program;
    }

    /// <summary>What went wrong, or null.</summary>
    public static string? Play(IEnumerable<Op> program, WorldKind kind, Rule broken, List<string>? notes = null)
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
        var shortest = Shorten(Make(seed), kind, broken);
        var notes = new List<string>();
        var failure = Play(shortest, kind, broken, notes);
        return $"REFLINK_EXERCISE_SEED={seed} fails on {kind}, in short:\n  {string.Join("\n  ", notes)}\n{failure}";
    }
}

using Reflink.Studies;

namespace Reflink.Fidelity.Ksm;

/// <summary>Makes scripts from seeds, plays them, and shortens those that fail.</summary>
public static class KsmScript
{
    private const int Length = 90;
    private const int MostProcesses = 4;
    private const long Never = 1_000_000_000;

    private static readonly KsmVerb[] s_maps =
        [KsmVerb.MapAnonymous, KsmVerb.MapAnonymous, KsmVerb.MapAnonymous, KsmVerb.MapPrivateFile, KsmVerb.MapPrivateFile, KsmVerb.MapSharedFile, KsmVerb.MapReadOnlyFile, KsmVerb.MapSharedAnonymous];

    private static readonly (KsmVerb Verb, int Weight)[] s_weights =
    [
        (KsmVerb.Scan, 60), (KsmVerb.Write, 34), (KsmVerb.Touch, 8), (KsmVerb.Read, 5), (KsmVerb.MapAnonymous, 9), (KsmVerb.Unmap, 3), (KsmVerb.Mergeable, 9),
        (KsmVerb.Unmergeable, 3), (KsmVerb.DontNeed, 4), (KsmVerb.MergeAny, 3), (KsmVerb.Start, 3), (KsmVerb.Fork, 3), (KsmVerb.Exit, 2), (KsmVerb.Run, 2),
        (KsmVerb.SmartScan, 1), (KsmVerb.UseZeroPages, 2), (KsmVerb.MaxPageSharing, 2), (KsmVerb.PagesToScan, 2), (KsmVerb.PruneMillisecs, 2),
    ];

    /// <summary>The script of a seed.</summary>
    public static IReadOnlyList<KsmOp> Make(int seed)
    {
        var random = new SplitMix((ulong)seed);
        var steps = random.Below(4) == 0;
        var limits = (int[])[2, 2, 3, 4, 256];
        var script = new List<KsmOp>
        {
            new(KsmVerb.Run, Value: 1),
            new(KsmVerb.SmartScan, Value: random.Below(3) == 0 ? 1 : 0),
            new(KsmVerb.UseZeroPages, Value: random.Below(3) == 0 ? 1 : 0),
            new(KsmVerb.MaxPageSharing, Value: limits[random.Below(limits.Length)]),
            new(KsmVerb.PruneMillisecs, Value: random.Below(2) * Never),
            new(KsmVerb.PagesToScan, Value: steps ? 1 + random.Below(12) : Never),
        };
        for (var process = 1 + random.Below(3); process > 0; process--)
        {
            script.Add(new(KsmVerb.Start, process));
            script.Add(new(KsmVerb.MapAnonymous, process, 0, 12));
            script.Add(random.Below(4) == 0 ? new(KsmVerb.MergeAny, process, Value: 1) : new(KsmVerb.Mergeable, process, 0, 12));
            script.Add(new(KsmVerb.Write, process, random.Below(4), 1 + random.Below(8), random.Below(4)));
        }

        while (script.Count < Length)
        {
            var op = Draw(random, steps);
            script.Add(op);
            if (op.Verb == KsmVerb.Run && op.Value != 1)
            {
                // Only for a while, in which what is merged cannot get in the way of max_page_sharing.
                script.Add(Draw(random, steps));
                script.Add(new(KsmVerb.MaxPageSharing, Value: limits[random.Below(limits.Length)]));
                script.Add(new(KsmVerb.Run, Value: 1));
            }
        }

        return script;
    }

    /// <summary>Plays a script; tells the state after each step, as it is asked for.</summary>
    public static IEnumerable<string> Play(IEnumerable<KsmOp> script, IKsmSystem system)
    {
        KsmState? last = null;
        foreach (var op in script)
        {
            var state = system.Observe(system.Apply(op));
            yield return state.Tell(last);
            last = state;
        }
    }

    /// <summary>Leaves out ever smaller parts while what is left still fails.</summary>
    public static IReadOnlyList<KsmOp> Shorten(IReadOnlyList<KsmOp> script, Func<IReadOnlyList<KsmOp>, bool> fails)
    {
        for (var part = Math.Max(1, script.Count / 2); part >= 1; part /= 2)
        {
            for (var at = 0; at + part <= script.Count;)
            {
                IReadOnlyList<KsmOp> shorter = [.. script.Take(at), .. script.Skip(at + part)];
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

    private static KsmOp Draw(SplitMix random, bool steps)
    {
        var verb = DrawVerb(random);
        var process = 1 + random.Below(MostProcesses);
        var page = random.Below(KsmState.Pages);
        var count = Math.Min(1 + random.Below(random.Below(3) == 0 ? 12 : 3), KsmState.Pages - page);
        return verb switch
        {
            KsmVerb.Scan => new(verb),
            KsmVerb.Start or KsmVerb.Exit => new(verb, process),
            KsmVerb.Fork => new(verb, process, Value: 1 + random.Below(MostProcesses)),
            KsmVerb.MergeAny => new(verb, process, Value: random.Below(3) == 0 ? 0 : 1),
            KsmVerb.Run => new(verb, Value: random.Below(4)),
            KsmVerb.SmartScan or KsmVerb.UseZeroPages => new(verb, Value: random.Below(2)),
            KsmVerb.MaxPageSharing => new(verb, Value: 1 + random.Below(4)),
            KsmVerb.PagesToScan => new(verb, Value: steps ? random.Below(16) : Never),
            KsmVerb.PruneMillisecs => new(verb, Value: random.Below(2) * Never),
            KsmVerb.MapAnonymous => new(s_maps[random.Below(s_maps.Length)], process, page, count),
            KsmVerb.Write => new(verb, process, page, count, random.Below(random.Below(5) == 0 ? 8 : 3)),
            _ => new(verb, process, page, count),
        };
    }

    private static KsmVerb DrawVerb(SplitMix random)
    {
        var at = random.Below(s_weights.Sum(w => w.Weight));
        return s_weights.First(w => (at -= w.Weight) < 0).Verb;
    }
}

using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

/// <summary>
/// Replays a trace on machines: with real frames, files that may be cloned, page tables, a store and a clock, where <see cref="TraceReplay"/> has a policy alone. A run for each
/// size of memory and policy, one after the other.
/// </summary>
public static class MachineReplay
{
    /// <summary>The most pages that a trace may touch: 16 GiB, which a machine's disk keeps.</summary>
    public const long MostPages = 4L << 20;

    /// <summary>Replays.</summary>
    /// <param name="options">The trace, sizes of memory, policies and the warm-up.</param>
    /// <param name="machines">What the machines are made of, and how they are used.</param>
    /// <param name="progress">Told how far it is, 0 to 1.</param>
    /// <param name="cancel">Checked between batches.</param>
    /// <exception cref="ReflinkException">EINVAL: pages are to be merged and the trace makes none that can be. What <see cref="TraceReplay.Run(ReplayOptions, IProgress{double}?, CancellationToken)"/> says of the trace; EINVAL, ENOMEM: no such machine can be made;
    /// ENOMEM: the trace touches more than <see cref="MostPages"/> pages.</exception>
    public static MachineReplayResult Run(ReplayOptions options, MachineReplayOptions machines, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(machines);
        using var input = TraceInput.Open(options.Path, isReadAgain: true, cancel);
        var (part, parts) = (0, 1 + (options.Pages.Count * options.Policies.Count));
        void Tell(Trace trace)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Report((part + trace.Progress) / parts);
        }

        var pages = TracePages.Take(input, options.Trace, MostPages, Tell);
        if (options.WarmUp >= pages.Facts.Sampled)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"a warm-up of {Counted.Of(options.WarmUp, "access", "accesses")} leaves none of {pages.Facts.Sampled}; make it shorter");
        }

        RequireMergeable(machines, pages.Facts);
        var rows = new List<MachineReplayRow>();
        foreach (var memory in options.Pages)
        {
            foreach (var policy in options.Policies)
            {
                part++;
                var made = machines.Machine with { Memory = (long)MemoryNeed.Capacity(options, memory) << Page.Shift, Policy = policy };
                made = machines.Merging is null ? made : made with { Swap = (long)pages.Sorted.Count * machines.Copies << Page.Shift };
                using var machine = new ReplayedMachine(made, machines, pages.Sorted, cancel);
                Play(machine, input, options, Tell);
                rows.Add(machine.Row);
            }
        }

        return new MachineReplayResult(pages.Facts, machines, rows);
    }

    private static void RequireMergeable(MachineReplayOptions machines, TraceFacts facts)
    {
        if (machines.Merging is null)
        {
            return;
        }

        if (machines.Door != TraceDoor.Mapped)
        {
            throw new ReflinkException(Errno.EINVAL, "only private pages of processes are merged, and read() and write() make none; replay through mappings, or without merging");
        }

        if (facts.Writes == 0)
        {
            throw new ReflinkException(Errno.EINVAL, "the trace writes nothing: only pages that are stored to become private, and only private pages are merged; take a trace with writes, or replay without merging");
        }
    }

    private static void Play(ReplayedMachine machine, TraceInput input, ReplayOptions options, Action<Trace> progress)
    {
        using var trace = Trace.Of(input, options.Trace);
        var batch = new PageAccess[4096];
        var played = 0L;
        for (int count; (count = trace.Read(batch)) > 0; played += count)
        {
            var warm = (int)Math.Clamp(options.WarmUp - played, 0, count);
            if (warm > 0)
            {
                machine.Run(batch.AsSpan(0, warm));
                machine.ResetCounts();
            }

            machine.Run(batch.AsSpan(warm, count - warm));
            progress(trace);
        }
    }
}

using Reflink.Ksm.Partitions;
using Reflink.Machines;
using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>Reads a mechanism's figures from the frame table, the page tables and the meter at the end of each phase.</summary>
internal sealed class FigureTaker(Bench bench)
{
    private readonly HashSet<BlockNumber> _heldBefore = [];
    private (long Callers, long Others) _spentBefore;
    private (long Pss, long Kib) _before;
    private long _evictions;
    private MechanismFigures? _figures;

    /// <summary>Everyone has loaded the text as it is; patching begins now.</summary>
    public void Mapped()
    {
        var census = new FrameCensus(bench.Machine);
        _heldBefore.UnionWith(census.Frames.Where(f => f.IsHeld).Select(f => f.Block));
        _before = Pss(census);
        _evictions = bench.Machine.Cache.Evictions;
        bench.Machine.Cache.ResetPeak();
        _spentBefore = bench.Spent();
    }

    /// <summary>Everyone has loaded the patched text.</summary>
    public void Patched(IMechanism mechanism)
    {
        var spent = bench.Spent();
        var census = new FrameCensus(bench.Machine);
        var (pss, kib) = Pss(census);
        var processes = bench.Processes.Select(p => p.Process).ToList();
        var ksm = bench.Machine.Ksm;
        var merging = ((IEnumerable<MergePartition>)[ksm.Machine, ksm.Requested, .. ksm.Partitions]).Select(p => p.Counters).ToList();
        _figures = new MechanismFigures
        {
            Name = mechanism.Name,
            Caveat = mechanism.Caveat,
            Keying = bench.Machine.Options.Keying,
            Domain = bench.Machine.Options.SharingDomain,
            PatchedFrames = CountPatched(census),
            ExpectedFrames = mechanism.FramesExpected(bench.Plan),
            PrivateFrames = census.Frames.LongCount(f => f.Block.Kind == BlockKind.Anonymous && f.Mappers == 1),
            TotalFrames = census.Frames.LongCount(),
            PatchPeakFrames = bench.Machine.Cache.Peak,
            PeakFrames = 0,
            PssBytesBefore = _before.Pss,
            PssBytes = pss,
            SmapsPssKiBBefore = _before.Kib,
            SmapsPssKiB = kib,
            PrivateDirtyBytes = processes.Sum(p => census.Smaps.Of(p).PrivateDirty),
            VmasPerProcess = processes.Max(p => p.Memory.Mappings.Count),
            CallerNs = spent.Callers - _spentBefore.Callers,
            DaemonNs = spent.Others - _spentBefore.Others,
            FramesAfterRevert = 0,
            CachedAfterRevert = 0,
            FramesAfterExit = 0,
            CachedAfterExit = 0,
            PagesShared = merging.Sum(c => c.PagesShared),
            PagesSharing = merging.Sum(c => c.PagesSharing),
            GeneralProfit = merging.Sum(c => c.GeneralProfit),
            ExposedPairs = ksm.Exposure().Pairs + ksm.ExposureOfPatches().Pairs,
            Scope = mechanism.Scope,
        };
    }

    /// <summary>Everyone has loaded the text from which the patches were taken out.</summary>
    public void Reverted()
    {
        var (held, cached) = Left();
        _figures = _figures! with { FramesAfterRevert = held, CachedAfterRevert = cached };
    }

    /// <summary>No process is left.</summary>
    public MechanismFigures Exited()
    {
        var (held, cached) = Left();

        // With eviction the peak would be the machine's size, not the mechanism's need.
        Invariant.Check(bench.Machine.Cache.Evictions == _evictions);
        return _figures! with { FramesAfterExit = held, CachedAfterExit = cached, PeakFrames = bench.Machine.Cache.Peak };
    }

    private (long Held, long Cached) Left()
    {
        var (held, cached) = (0L, 0L);
        foreach (var frame in new FrameCensus(bench.Machine).Frames)
        {
            held += frame.IsHeld && !_heldBefore.Contains(frame.Block) ? 1 : 0;
            cached += !frame.IsHeld && frame.IsDerived ? 1 : 0;
        }

        return (held, cached);
    }

    private long CountPatched(FrameCensus census)
    {
        var seen = new HashSet<FrameNumber>();
        var patched = 0L;
        foreach (var (process, address, _, bytes) in bench.Regions)
        {
            var end = address + bytes.Length;
            foreach (var vma in process.Memory.Mappings.Where(m => m.Start.Address < end && m.End.Address > address))
            {
                foreach (var (page, frame) in census.Pages(process, vma))
                {
                    var at = bytes.Pages.Start + (page - VirtualPage.Of(address));
                    patched += bytes.Pages.Contains(at) && bytes.HoldsChanges(at, census.Bytes(frame)) && seen.Add(frame) ? 1 : 0;
                }
            }
        }

        return patched;
    }

    // Every mapped frame is shared out among its mappers, so all shares together are the mapped frames; the tool maps none.
    private (long Pss, long Kib) Pss(FrameCensus census)
    {
        var frames = census.Frames.LongCount(f => f.Mappers > 0) << Page.Shift;
        var (shares, kib) = (0m, 0L);
        foreach (var process in bench.Processes)
        {
            var use = census.Smaps.Of(process.Process);
            (shares, kib) = (shares + use.Pss, kib + use.PssKiB);
        }

        Invariant.Check(decimal.Round(shares) == frames);
        return (frames, kib);
    }
}

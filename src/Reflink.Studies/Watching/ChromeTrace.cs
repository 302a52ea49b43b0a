using Reflink.Studies.Scenarios.Measures;
using Reflink.Units;

namespace Reflink.Studies.Watching;

/// <summary>
/// Writes a run in the Chrome trace event format, which Perfetto (ui.perfetto.dev) and speedscope open. The scenario is process 0, whose slices are its steps; each machine that was
/// switched on is a process of its own with a track for each account: events are instants, and reclaim, kswapd's work and passes of merging are slices. Counters are frames, free and
/// dirty. Times are microseconds of simulated time since the run began.
/// </summary>
public sealed class ChromeTrace : IRunObserver, IDisposable
{
    // A counter that changed by less than this part of memory is not drawn anew.
    private const int Steps = 256;

    private readonly RunTracks _tracks = new();
    private readonly TraceWriter _trace;
    private readonly HashSet<AccountId> _named = [];
    private (long Time, int Frames, int Dirty) _drawn;

    /// <summary>Writes to a stream, which stays open. The trace is complete when this is disposed.</summary>
    public ChromeTrace(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _trace = new TraceWriter(stream);
        _trace.Name("process_name", new(0, 0), "scenario");
        _trace.Name("thread_name", new(0, 0), "steps");
    }

    /// <inheritdoc/>
    public void SwitchedOn(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _tracks.SwitchedOn(machine);
        _named.Clear();
        _trace.Name("process_name", new(_tracks.Machines, 0), _tracks.Machines == 1 ? "machine" : "machine, switched on again");
        machine.Events.Listener += Write;
        DrawCounters(_tracks.Latest);
    }

    /// <inheritdoc/>
    public void StepBegins(string step, RunMoment now) => _trace.Begin(step, new(0, 0), _tracks.Now());

    /// <inheritdoc/>
    public void StepEnds(string? outcome, RunMoment now)
    {
        _trace.End(new(0, 0), _tracks.Now());
        DrawCounters(_tracks.Latest);
    }

    /// <inheritdoc/>
    public void Sampled(string label, RunMoment now)
    {
        if (label is { Length: > 0 })
        {
            _trace.Instant(label, new(0, 0), _tracks.Now(), []);
        }
    }

    /// <summary>Ends what has not ended, and the trace.</summary>
    public void Dispose() => _trace.Dispose();

    private void Write(MachineEvent told)
    {
        var (track, time) = (new TraceTrack(_tracks.Machines, told.Account.Value), _tracks.Time(told.Time));
        if (_named.Add(told.Account))
        {
            _trace.Name("thread_name", track, _tracks.NameOf(told.Account));
        }

        switch (told.Name)
        {
            case "mm_vmscan_direct_reclaim_begin":
                _trace.Begin("direct reclaim", track, time);
                break;
            case "mm_vmscan_kswapd_wake":
                _trace.Begin("kswapd works", track, time);
                break;
            case "ksm_start_scan":
                // A pass that was given up has no end of its own.
                _trace.EndAll(track, time);
                _trace.Begin("pass over pages", track, time);
                break;
            case "mm_vmscan_direct_reclaim_end" or "mm_vmscan_kswapd_sleep" or "ksm_stop_scan":
                _trace.End(track, time);
                break;
            default:
                _trace.Instant(told.Name, track, time, told.Fields);
                break;
        }

        var (frames, dirty, least) = (_tracks.Machine.Cache.Resident, _tracks.Machine.Cache.DirtyFrames, _tracks.Machine.Cache.FrameCount / Steps);
        if (Math.Abs(frames - _drawn.Frames) > least || Math.Abs(dirty - _drawn.Dirty) > least)
        {
            DrawCounters(time);
        }
    }

    // kswapd's clock may be behind: what it changes is drawn at the time of the last that was.
    private void DrawCounters(long time)
    {
        var cache = _tracks.Machine.Cache;
        _drawn = (Math.Max(time, _drawn.Time), cache.Resident, cache.DirtyFrames);
        _trace.Counter("frames", _tracks.Machines, _drawn.Time, cache.Resident);
        _trace.Counter("free", _tracks.Machines, _drawn.Time, cache.FrameCount - cache.Resident);
        _trace.Counter("dirty", _tracks.Machines, _drawn.Time, cache.DirtyFrames);
    }
}

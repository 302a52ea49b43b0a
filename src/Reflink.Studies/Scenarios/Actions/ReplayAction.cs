using System.Globalization;
using Reflink.Studies.Replaying;
using Reflink.Studies.Scenarios.Text;
using Reflink.Studies.Traces;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Replays a trace on a machine like the scenario's, as <c>reflink replay --machine</c> does: its memory, policy and keying are those of <c>machine:</c>.</summary>
internal sealed class ReplayAction(string file, YamlPiece at, IReadOnlyDictionary<string, Template> options) : FigureAction(file, at, options)
{
    private static readonly (string Name, Func<MachineReplayRow, object?> Of)[] s_figures =
    [
        ("accesses", r => r.Accesses), ("misses", r => r.Misses), ("miss_ratio", r => r.MissRatio), ("minor_faults", r => r.MinorFaults), ("major_faults", r => r.MajorFaults),
        ("pages_read", r => r.StoreReads), ("pages_written", r => r.StoreWrites), ("replay_evicted", r => r.Evicted), ("scanned", r => r.Scanned), ("stalls", r => r.Stalls),
        ("stalled_ns", r => r.StalledNanoseconds), ("disk_wait_ns", r => r.DiskWaitNanoseconds), ("paused_ns", r => r.PausedNanoseconds),
        ("refaults_file", r => r.FileRefaults), ("replay_ns", r => r.Nanoseconds),
    ];

    /// <summary>What it takes.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["trace", "format", "door", "copies", "sample", "warm-up"];

    /// <summary>What it records.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. s_figures.Select(f => f.Name)];

    protected override IReadOnlyList<string> Recorded => Columns;

    protected override string Command => "Replay";

    protected override IEnumerable<object?> Figures(ActionContext context)
    {
        var machine = context.Bench.Machine.Options;
        var trace = new TraceOptions { Format = Text(context, "format", "") is { Length: > 0 } format ? format : null, Sample = double.Parse(Text(context, "sample", "1"), CultureInfo.InvariantCulture) };
        var replay = new ReplayOptions(Text(context, "trace", "")) { Trace = trace, Pages = [machine.Memory >> Page.Shift], Policies = [machine.Policy], WarmUp = Count(context, "warm-up", 0) };
        var machines = new MachineReplayOptions(machine with { Store = null }) { Door = Choice(context, "door", TraceDoor.Calls), Copies = Count(context, "copies", 1) };
        var row = MachineReplay.Run(replay, machines, null, context.Cancel).Rows[0];
        return s_figures.Select(f => f.Of(row));
    }

    protected override void Check(Rehearsal rehearsal)
    {
        RequireFile(rehearsal, "trace", null);
        RequireCounts(rehearsal, "copies");
        RequireWord(rehearsal, "door", NamesOf<TraceDoor>());
        RequireWord(rehearsal, "format", TraceFormats.Names);
        if (Known(rehearsal, "sample") is { } sample && !(double.TryParse(sample, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part is > 0 and <= 1))
        {
            Refuse(rehearsal, "sample", $"'{sample}' is no sample; it takes the part of all pages that is replayed, above 0 and up to 1");
        }
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>The part of the command <c>reclaim</c> that records: its options, and what it prints.</summary>
public sealed class RecordCommand
{
    private const int Megabyte = 1 << 20;
    private readonly Option<DirectoryInfo?> _record = new("--record") { Description = "Record what the running kernel does, into this folder; needs root." };
    private readonly Option<string> _suites = new("--suites") { Description = "Which suites to record: R pread, M mapped file, W reads and writes, A anonymous memory, X mixed.", DefaultValueFactory = _ => "M,W,A,X,R" };
    private readonly Option<string> _limits = new("--limits") { Description = "Limits of the group, in MiB.", DefaultValueFactory = _ => "16,64" };
    private readonly Option<DirectoryInfo?> _traces = new("--traces") { Description = "A folder of traces T.u32, T.u32.gz or T.u32.xz to record; otherwise seeded ones." };
    private readonly Option<int> _runs = new("--runs") { Description = "The most runs of a trace; it ends as soon as three agree.", DefaultValueFactory = _ => 10 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "The seed of traces and of the kinds of accesses.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _accesses = new("--accesses") { Description = "The length of a seeded trace.", DefaultValueFactory = _ => 100_000 };
    private readonly Option<DeviceKind?> _devices = new("--devices") { Description = "What the file lies on and swap goes to: Memory (zram; runs can be repeated) or File (loop devices); otherwise Memory where the kernel has it." };
    private readonly Option<bool> _counters = new("--counters") { Description = "Keep what memory.stat said after every 16 accesses, too." };

    /// <summary>The options, for the command's line.</summary>
    public IEnumerable<Option> Options => [_record, _suites, _limits, _traces, _runs, _seed, _accesses, _devices, _counters];

    /// <summary>Whether a command line wants to record.</summary>
    public bool IsWanted(ParseResult line) => line.GetValue(_record) is not null;

    /// <summary>Records; returns the exit code: 2 where this cannot be done here.</summary>
    public int Act(ParseResult line)
    {
        try
        {
            return Act(Parse(line));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or OperationCanceledException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    private static int Act(RecorderOptions options)
    {
        Preflight.Here.Tell("root, x86-64, a memory cgroup, cachestat(2), loop devices, and swap for A and X");
        var lacks = RecorderNeeds.Lacks(options.Suites, options.Devices).ToList();
        lacks.ForEach(lack => Console.Error.WriteLine($"missing: {lack}"));
        if (lacks.Count > 0)
        {
            return 2;
        }

        var accessedBits = AccessedBits.WhyNot();
        foreach (var disturbance in RecorderNeeds.Disturbances(accessedBits))
        {
            Console.Error.WriteLine($"may disturb: {disturbance}");
        }

        Directory.CreateDirectory(options.Folder);
        using var recorder = new Recorder(options, accessedBits);
        try
        {
            Record(recorder, options);
            return 0;
        }
        catch (Exception e) when (recorder.Stopped && e is IOException or OperationCanceledException or InvalidOperationException)
        {
            Console.Error.WriteLine("stopped by a signal; everything is put back");
            return 2;
        }
    }

    private static void Record(Recorder recorder, RecorderOptions options)
    {
        Console.WriteLine("suite    trace                 missed %  runs  kept  agree %  missed % of the others (accesses that differ)");
        foreach (var suite in options.Suites)
        {
            if (RecorderNeeds.WhyNot(suite) is { } reason)
            {
                Console.WriteLine($"{suite.Name,-8} skipped: {reason}");
                continue;
            }

            foreach (var trace in recorder.Record(suite).Traces)
            {
                var others = string.Join(", ", trace.OtherMissed.Zip(trace.Others, (missed, differ) => string.Create(CultureInfo.InvariantCulture, $"{missed:F3} ({differ:N0})")));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{suite.Name,-8} {trace.Trace,-21} {trace.KeptMissed,8:F3}  {trace.Runs,4}  {trace.Kept,4}  {trace.Agreement,7:F3}  {others}{Doubt(trace)}"));
            }
        }
    }

    private static string Doubt(TraceSheet trace) => trace.Kept >= Regime.Wanted && trace.Asked >= 100 * Regime.Strict
        ? ""
        : trace.Asked == 0 ? $"  doubtful: no two of {trace.Runs} runs agree on 99.5 %, so all are kept"
        : string.Create(CultureInfo.InvariantCulture, $"  doubtful: only {trace.Kept} of {trace.Runs} runs agree, on {trace.Asked:F1} %");

    private RecorderOptions Parse(ParseResult line)
    {
        var limits = Words(line.GetValue(_limits)!).Select(word => int.TryParse(word, CultureInfo.InvariantCulture, out var limit) && limit is >= 4 and <= 4096
            ? limit
            : throw new InvalidDataException($"--limits: {word} is no number of MiB from 4 to 4096")).ToList();
        var suites = Words(line.GetValue(_suites)!).SelectMany(word => word.Length == 1 && LiveSuite.Letters.Contains(word[0])
            ? limits.SelectMany(limit => LiveSuite.Of(word[0], limit))
            : throw new InvalidDataException($"--suites: {word} is none of {string.Join(", ", LiveSuite.Letters.ToCharArray())}")).ToList();
        var (runs, accesses) = (line.GetValue(_runs), line.GetValue(_accesses));
        var devices = line.GetValue(_devices) ?? (BlockDevice.HasMemory ? DeviceKind.Memory : DeviceKind.File);
        if (runs is < 1 or > RecorderOptions.MostRuns || accesses is < 1_000 or > 10 * Megabyte)
        {
            throw new InvalidDataException($"--runs must be from 1 to {RecorderOptions.MostRuns}, and --accesses from 1,000 to {10 * Megabyte:N0}");
        }

        return new RecorderOptions(line.GetValue(_record)!.FullName, suites, line.GetValue(_traces)?.FullName, runs, line.GetValue(_seed), accesses, devices, line.GetValue(_counters));
    }

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

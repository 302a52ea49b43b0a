using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Reflink.Cli.Reporting;
using Reflink.Studies.Experiments;
using Reflink.Studies.Replaying;

namespace Reflink.Cli.Replaying;

/// <summary>Replays a trace under policies and sizes of memory.</summary>
internal sealed class ReplayCommand : Command, IHasExamples
{
    private static readonly IReadOnlyList<string> s_policies = [.. ReplacementPolicies.Names, ReplayOptions.Optimum];

    private readonly TraceChoice _trace = new();
    private readonly Option<IReadOnlyList<long>?> _memory = new("--memory")
    {
        Description = "Sizes of memory, of which pages of 4,096 bytes are made, such as 64MiB,128MiB",
        HelpName = "SIZE,...",
        CustomParser = ParseSizes,
    };

    private readonly Option<string> _policy = OptionKinds.List(
        "--policy", s_policies, "The policies that choose whom to evict; belady is the optimum, which knows the future; FILE.dll:TYPE is one of yours", "lru", PolicyLoader.IsPlace);

    private readonly Option<long> _warmUp = OptionKinds.Number("--warm-up", 0, 0, long.MaxValue, "Accesses that fill memory and are not counted");
    private readonly Option<int?> _curve = OptionKinds.OptionalCount("--curve", "Print miss-ratio curves instead: at the sizes of --memory, or at so many up to the footprint; exact, unless --sample is given");
    private readonly Option<string?> _plot = OptionKinds.Picture("--plot", "the curves");
    private readonly Option<long> _readahead = OptionKinds.Number("--readahead", 128, 0, 1 << 20, "KiB that the policy linux reads ahead at most, as read_ahead_kb; 0 turns it off");
    private readonly Option<long> _flush = OptionKinds.Number("--flush", 16, 1, int.MaxValue, "Accesses after which the policy linux flushes the counters that reclaim decides by; a kernel does it every two seconds");
    private readonly MachineSetting _setting = new();
    private readonly ReportOptions _report = new();

    public ReplayCommand()
        : base("replay", "Replays a trace: what hits, misses and is written back under each policy with so much memory. Only what the trace holds is replayed, and all of it.")
    {
        _trace.AddTo(this);
        foreach (var option in (Option[])[_memory, _policy, _warmUp, _curve, _plot, _readahead, _flush])
        {
            Options.Add(option);
        }

        _setting.AddTo(this);
        _report.AddTo(this);
        Validators.Add(Validate);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink replay web.oracleGeneral.zst --memory 64MiB,128MiB --policy lru,s3fifo,belady", "two sizes of memory, two policies and the best that any could do"),
        ("reflink replay disk.csv.gz --format msr --memory 1G --policy arc --warm-up 1000000", "a published trace; the first million accesses only fill memory"),
        ("reflink replay grep.strace --memory 1G --policy lru,./My.dll:MyPolicy", "a policy of yours, a public class that implements IReplacementPolicy, beside another"),
        ("reflink replay web.u32.xz --memory 64M --policy linux --machine --mapped --copies 4", "loads through mappings of a file and three reflinks of it, on a machine"),
        ("reflink replay grep.strace --curve 20 --policy lru,sieve --plot curve.svg", "miss-ratio curves, also as a picture"),
    ];

    private static List<long>? ParseSizes(ArgumentResult result)
    {
        var sizes = new List<long>();
        foreach (var text in result.Tokens[0].Value.Split(','))
        {
            if (!ByteSize.TryParse(text, out var bytes) || bytes < Page.Size)
            {
                result.AddError($"--memory takes {ByteSize.Takes}, one page of {Page.Size} at the least, or several behind commas, not '{text}'");
                return null;
            }

            sizes.Add(bytes >> Page.Shift);
        }

        return [.. sizes.Distinct()];
    }

    private void Validate(CommandResult result)
    {
        var isCurve = result.IsGiven(_curve) || result.IsGiven(_plot);
        if (!isCurve && !result.IsGiven(_memory))
        {
            result.AddError("--memory is missing; such as --memory 64MiB,128MiB, or --curve 20 for sizes up to the footprint");
        }

        if (isCurve && result.IsGiven(_warmUp))
        {
            result.AddError("--warm-up is for single sizes; curves count every access");
        }

        if (_setting.IsWanted(result))
        {
            RefuseWithMachine(result, isCurve);
        }

        foreach (var option in (Option[])[_readahead, _flush])
        {
            if (result.IsGiven(option) && !(option == _readahead && _setting.IsWanted(result)) && !PoliciesIn(result).Contains(ReplayOptions.Kernel))
            {
                result.AddError($"{option.Name} is for --policy {ReplayOptions.Kernel}");
            }
        }
    }

    // As they were written: the option may be refused, and have no value.
    private IEnumerable<string> PoliciesIn(CommandResult result) => (result.GetResult(_policy)?.Tokens ?? []).SelectMany(token => token.Value.Split(','));

    private void RefuseWithMachine(CommandResult result, bool isCurve)
    {
        if (isCurve)
        {
            result.AddError("curves are of policies alone; with --machine name sizes with --memory");
        }

        if (result.IsGiven(_flush))
        {
            result.AddError("--flush is for replays without --machine");
        }

        if (PoliciesIn(result).FirstOrDefault(p => p == ReplayOptions.Optimum || PolicyLoader.IsPlace(p)) is { } other)
        {
            result.AddError($"a machine cannot run '{other}'; it takes {string.Join(", ", ReplacementPolicies.Names)}");
        }
    }

    private int Run(ParseResult line)
    {
        var options = _trace.Choose(line) with
        {
            Pages = line.GetValue(_memory) ?? [], Policies = [.. line.GetValue(_policy)!.Split(',').Select(p => PolicyLoader.IsPlace(p) ? PolicyLoader.Load(p) : p)], WarmUp = line.GetValue(_warmUp),
            ReadaheadPages = (int)(line.GetValue(_readahead) >> (Page.Shift - 10)),
            FlushInterval = (int)line.GetValue(_flush),
        };
        using var interruption = new Interruption();
        if (_setting.Choose(line, options.ReadaheadPages) is { } machines)
        {
            return interruption.Guard(() => OnMachines(line, options, machines, interruption.Token));
        }

        return interruption.Guard(() => line.GetValue(_curve) is not null || line.GetValue(_plot) is not null
            ? Curves(line, options, interruption.Token) : Rows(line, options, interruption.Token));
    }

    private int Rows(ParseResult line, ReplayOptions options, CancellationToken cancel)
    {
        var result = TerminalProgress.Show(context => TraceReplay.Run(options, ReplayProgress.Of(context), cancel));
        _report.Write(line, () => ReplayReport.Text(result), () => ReplayReport.Json(result), () => ReplayReport.Csv(result));
        return ExitCode.Success;
    }

    private int OnMachines(ParseResult line, ReplayOptions options, MachineReplayOptions machines, CancellationToken cancel)
    {
        var result = TerminalProgress.Show(context => MachineReplay.Run(options, machines, ReplayProgress.Of(context), cancel));
        _report.Write(line, () => MachineReplayReport.Text(result), () => MachineReplayReport.Json(result), () => MachineReplayReport.Csv(result));
        return ExitCode.Success;
    }

    private int Curves(ParseResult line, ReplayOptions options, CancellationToken cancel)
    {
        var (facts, curves) = TerminalProgress.Show(context => CurveStudy.Run(options, line.GetValue(_curve) ?? 50, ReplayProgress.Of(context), cancel));
        _report.Write(line, () => ReplayReport.Text(facts, curves), () => ReplayReport.Json(facts, curves), () => ReplayReport.Csv(curves));
        if (line.GetValue(_plot) is { } picture)
        {
            HostOutput.Write(picture, stream => stream.Write(Encoding.UTF8.GetBytes(CurvePlot.Svg(curves, Failures.OnOneLine(Path.GetFileName(options.Path))))));
        }

        return ExitCode.Success;
    }
}

using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Studies.Replaying;

namespace Reflink.Cli.Replaying;

/// <summary>Says what a trace is.</summary>
internal sealed class TraceCommand : Command, IHasExamples
{
    private readonly TraceChoice _trace = new();
    private readonly ReportOptions _report = new();

    public TraceCommand()
        : base("trace", "Says what a trace is: its format, requests, accesses to pages, reads, writes, and how many pages they go to.")
    {
        _trace.AddTo(this);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink trace zipf.oracleGeneral.bin.zst", "what is in a trace"),
        ("reflink trace disk.csv.gz --format msr", "a trace whose format its name does not tell"),
    ];

    private int Run(ParseResult line)
    {
        var options = _trace.Choose(line);
        using var interruption = new Interruption();
        return interruption.Guard(() =>
        {
            var facts = TerminalProgress.Show(context => TraceReplay.Describe(options, ReplayProgress.Of(context), interruption.Token));
            _report.Write(line, () => ReplayReport.Facts(facts), () => ReplayReport.Json(facts), () => Csv.Of([facts]));
            return ExitCode.Success;
        });
    }
}

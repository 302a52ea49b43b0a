using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Reflink.Studies.Replaying;
using Reflink.Studies.Traces;
using Reflink.Studies.Traces.Formats;

namespace Reflink.Cli.Replaying;

/// <summary>The options that say which trace is read, and how.</summary>
internal sealed class TraceChoice
{
    private readonly Argument<string> _trace = OptionKinds.Input("TRACE", "The trace: plain, or compressed with gzip, zstd or xz; a file, a pipe, or - for standard input");
    private readonly Option<string?> _format = new("--format") { Description = $"Its format, if its name and first bytes do not tell: {string.Join(", ", TraceFormats.Names)}", HelpName = "FORMAT" };
    private readonly Option<string?> _columns = new("--columns") { Description = "The columns of a trace in CSV, numbered from 1, such as offset=5,length=6,op=4,file=2+3,unit=512,header,delimiter=tab,files", HelpName = "LAYOUT" };
    private readonly Option<long> _malformed = OptionKinds.Number("--malformed", 0, 0, int.MaxValue, "How many malformed lines may be passed over; they are told");
    private readonly Option<decimal?> _sample = OptionKinds.Percent("--sample", "Take only this part of the pages, chosen by hash, and as much less memory; curves are then the mean of several samples, which tell how far they are off");

    public void AddTo(Command command)
    {
        command.Arguments.Add(_trace);
        foreach (var option in (Option[])[_format, _columns, _malformed, _sample])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Validate);
    }

    public ReplayOptions Choose(ParseResult line) => new(line.GetValue(_trace)!)
    {
        Trace = new TraceOptions
        {
            Format = line.GetValue(_format),
            Csv = line.GetValue(_columns) is { } columns ? CsvLayout.Parse(columns) : null,
            MalformedLimit = (int)line.GetValue(_malformed),
            Sample = line.GetValue(_sample) is { } percent ? (double)percent / 100 : 1,
        },
    };

    private void Validate(CommandResult result)
    {
        if (result.GetValue(_format) is { } format && !TraceFormats.Names.Contains(format))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"--format takes one of {string.Join(',', TraceFormats.Names)}, not '{format}'{UnknownWords.Hint(format, TraceFormats.Names)}"));
        }
    }
}

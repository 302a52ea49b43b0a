using Reflink.Studies.Traces.Formats;

namespace Reflink.Studies.Traces;

/// <summary>How a trace is read.</summary>
public sealed record TraceOptions
{
    /// <summary>The format by name (<see cref="TraceFormats.Names"/>); by the file's name and first bytes if nothing is said.</summary>
    public string? Format { get; init; }

    /// <summary>The columns, for the format csv.</summary>
    public CsvLayout? Csv { get; init; }

    /// <summary>How many malformed lines may be passed over.</summary>
    public int MalformedLimit { get; init; }

    /// <summary>Which part of the pages is kept, chosen by a hash of the page: above 0, up to 1.</summary>
    public double Sample { get; init; } = 1;

    /// <summary>Another number makes another sample, with other pages.</summary>
    public int SampleSeed { get; init; }
}

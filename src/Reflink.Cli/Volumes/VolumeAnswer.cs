using System.Collections;
using System.Text.Json;
using Reflink.Cli.Reporting;

namespace Reflink.Cli.Volumes;

/// <summary>What a volume command found out, for programs and for people; and how it ends.</summary>
/// <param name="Found">What JSON shows: an object, or a list of objects.</param>
/// <param name="Report">What people read.</param>
/// <param name="Code">The exit code.</param>
internal sealed record VolumeAnswer(object Found, Report Report, int Code = ExitCode.Success)
{
    /// <summary>An answer in one sentence, or in none.</summary>
    public VolumeAnswer(object found, string sentence, int code = ExitCode.Success)
        : this(found, new Report().Note(sentence), code)
    {
    }

    /// <summary>The rows of the table, if they are not what JSON shows.</summary>
    public IEnumerable<object>? Rows { get; init; }

    public string Json => JsonSerializer.Serialize(Found, JsonFormat.Options) + "\n";

    public string Csv => Reporting.Csv.Of(Rows ?? (Found is IEnumerable list and not IDictionary ? list.Cast<object>() : [Found]));
}

namespace Reflink.Cli.Reporting;

/// <summary>A column of a table.</summary>
/// <param name="Heading">What stands above it. It may be broken at spaces and behind underscores.</param>
/// <param name="Detail">How soon a narrow terminal does without it: the highest first; 0 stays.</param>
/// <param name="Short">A shorter heading, if there is one.</param>
internal sealed record Column(string Heading, int Detail = 0, string? Short = null)
{
    public static implicit operator Column(string heading) => new(heading);
}

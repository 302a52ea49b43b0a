namespace Reflink.Cli.Reporting;

/// <summary>How a command prints what it found.</summary>
internal enum OutputForm
{
    /// <summary>As text that fits the terminal.</summary>
    Text,

    /// <summary>As text, every row on one line.</summary>
    Wide,
    Csv,
    Json,
}

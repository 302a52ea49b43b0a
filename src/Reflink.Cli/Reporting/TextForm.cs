namespace Reflink.Cli.Reporting;

/// <summary>How much room text may take.</summary>
internal enum TextForm
{
    Full,
    Short,
}

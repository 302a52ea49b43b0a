namespace Reflink.Cli;

/// <summary>How a patch set stands in a file.</summary>
internal enum PatchFormat
{
    Text,
    Json,
}

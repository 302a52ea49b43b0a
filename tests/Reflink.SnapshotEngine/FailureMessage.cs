using System.Text;
using VerifyTests;

namespace Reflink.SnapshotEngine;

/// <summary>The message of a failed verification, in Verify's words and lines.</summary>
internal static class FailureMessage
{
    public static string Build(string directory, Outcome outcome)
    {
        var message = new StringBuilder();
        Line(message, $"Directory: {directory}");
        if (outcome.Kind is { } kind)
        {
            Line(message, $"{kind}:");
            Names(message, outcome.File);
        }

        Deletes(message, outcome);
        if (outcome.Kind is null)
        {
            Line(message, "Equal:");
            Names(message, outcome.File);
        }
        else
        {
            Content(message, outcome);
        }

        return message.ToString();
    }

    private static void Deletes(StringBuilder message, Outcome outcome)
    {
        if (outcome.Stale.Count == 0)
        {
            return;
        }

        Line(message, "Delete:");
        foreach (var file in outcome.Stale)
        {
            Line(message, $"  - {Path.GetFileName(file)}");
        }
    }

    private static void Names(StringBuilder message, FilePair file)
    {
        Line(message, $"  - Received: {Path.GetFileName(file.ReceivedPath)}");
        Line(message, $"    Verified: {Path.GetFileName(file.VerifiedPath)}");
    }

    private static void Content(StringBuilder message, Outcome outcome)
    {
        Line(message, "");
        Line(message, "FileContent:");
        Line(message, "");
        Line(message, $"{outcome.Kind}:");
        Line(message, "");
        Line(message, $"Received: {Path.GetFileName(outcome.File.ReceivedPath)}");
        Line(message, outcome.Received);
        if (outcome.Verified is { } verified)
        {
            Line(message, $"Verified: {Path.GetFileName(outcome.File.VerifiedPath)}");
            Line(message, verified);
        }

        Line(message, "");
    }

    // Always a line feed, whatever the platform ends its lines with.
    private static void Line(StringBuilder message, string text) => message.Append(text).Append('\n');
}

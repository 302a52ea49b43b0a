namespace Reflink.Cli.Completing;

/// <summary>A word that may come next: a subcommand, an option, or a value.</summary>
/// <param name="Text">The word.</param>
/// <param name="Does">What it does, in a few words; empty if that is not told.</param>
internal sealed record CompletionWord(string Text, string Does);

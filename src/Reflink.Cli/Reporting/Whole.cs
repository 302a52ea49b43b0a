namespace Reflink.Cli.Reporting;

/// <summary>A name or a path in a table. It is never broken; if it is too long, it stands on a line of its own.</summary>
/// <param name="Text">The name.</param>
internal sealed record Whole(string Text);

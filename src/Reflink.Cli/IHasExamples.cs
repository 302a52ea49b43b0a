namespace Reflink.Cli;

/// <summary>A command that shows how it is used.</summary>
internal interface IHasExamples
{
    /// <summary>Command lines, and what each does.</summary>
    IReadOnlyList<(string Line, string Does)> Examples { get; }
}

namespace Reflink.Studies.Experiments;

/// <summary>Why some pages of a mapping are not merged, or that they are.</summary>
/// <param name="Process">What steps call the process.</param>
/// <param name="File">The file that it maps.</param>
/// <param name="FirstPage">The first page, counted from where the mapping begins.</param>
/// <param name="Count">How many pages side by side this holds for.</param>
/// <param name="Why">The reason, as the library names it.</param>
/// <param name="Partition">The partition that they are in; empty for the machine's own, null for none.</param>
/// <param name="UntilPass">Left out by smart scan: the pass that looks at the first of them again.</param>
/// <param name="Sentence">The reason as a sentence, with what to do.</param>
public sealed record MappingExplanation(
    string Process, string File, long FirstPage, long Count, string Why, string? Partition, long? UntilPass, string Sentence);

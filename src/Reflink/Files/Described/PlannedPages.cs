namespace Reflink.Files.Described;

/// <summary>Pages of a described file that are of one kind.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Range">Which pages.</param>
/// <param name="Base">Of shared pages, which base.</param>
/// <param name="From">Of shared pages, the first page in that base.</param>
internal readonly record struct PlannedPages(PlanKind Kind, PageRange Range, int Base, PageIndex From);

namespace Reflink.Files.Described;

/// <summary>What the pages of a described file are.</summary>
internal enum PlanKind
{
    /// <summary>Pages of a base: the same blocks.</summary>
    Shared,

    /// <summary>Zeroes.</summary>
    Hole,

    /// <summary>Pages that are given, wholly within one piece.</summary>
    Written,

    /// <summary>Pages that are made of several pieces, or of less than a page of one.</summary>
    Mixed,
}

namespace Reflink.Benchmarks.Merging;

/// <summary>Which pages of a range are equal.</summary>
internal enum PageLayout
{
    /// <summary>None.</summary>
    Different,

    /// <summary>Every other page has an equal, half of the range away; the pages between have none.</summary>
    HalfTwice,

    /// <summary>256 contents, in turn.</summary>
    Of256,
}

using Reflink.Units;

namespace Reflink.Cache;

/// <summary>Which pages of a file are in memory, for <see cref="Readahead"/>.</summary>
internal interface IResidentPages
{
    /// <summary>Whether the page is in memory; a hole never is.</summary>
    bool Contains(PageIndex page);
}

namespace Reflink.Store.Commits;

/// <summary>How much a commit says.</summary>
internal enum CommitScope
{
    /// <summary>What changed since the last commit.</summary>
    Changes,

    /// <summary>Everything: the commits before it do not count any more.</summary>
    Everything,
}

using Reflink.Store.Commits;

namespace Reflink.Store;

/// <summary>
/// A page store that can outlast its process. A commit makes the present pages durable together with a record, bytes of the caller that the
/// store does not interpret.
/// </summary>
internal interface IDurableStore : IPageStore
{
    /// <summary>Whether the store outlasts its process. If not, there is nothing to commit.</summary>
    bool IsDurable { get; }

    /// <summary>Whether the store refuses to write.</summary>
    bool IsReadOnly { get; }

    /// <summary>Whether pages were written or deleted since the last commit.</summary>
    bool HasChanged { get; }

    /// <summary>Whether the record of the next commit must hold everything and not only what changed.</summary>
    bool NeedsFullRecord { get; }

    /// <summary>The records of the commits that the store was opened with, the full one first; none in a new store.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> RecoveredRecords { get; }

    /// <summary>Commits: when it returns, the present pages and the record outlast any crash.</summary>
    /// <exception cref="ReflinkException">ENOSPC, EIO: not committed.</exception>
    void Commit(ReadOnlySpan<byte> record, CommitScope scope);

    /// <summary>The stored blocks that have a page.</summary>
    IEnumerable<Units.BlockNumber> Blocks { get; }
}

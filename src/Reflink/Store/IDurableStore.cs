using Reflink.Store.Commits;

namespace Reflink.Store;

/// <summary>
/// A page store that can outlast its process. A commit takes the pages as they are together with bytes that say what they
/// mean, which the store does not understand.
/// </summary>
internal interface IDurableStore : IPageStore
{
    /// <summary>Whether it does outlast its process. If not, there is nothing to commit.</summary>
    bool IsDurable { get; }

    /// <summary>Whether nothing may be written.</summary>
    bool IsReadOnly { get; }

    /// <summary>Whether pages were written or deleted since the last commit.</summary>
    bool HasChanged { get; }

    /// <summary>Whether the next commit must say everything and not only what changed.</summary>
    bool WantsWhole { get; }

    /// <summary>What the commits said that were there when the store was opened, the whole one first; none in a new store.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> Found { get; }

    /// <summary>Commits: when it returns, the pages as they are and these bytes outlast any crash.</summary>
    /// <exception cref="Units.ReflinkException">ENOSPC, EIO: not committed.</exception>
    void Commit(ReadOnlySpan<byte> said, CommitScope scope);

    /// <summary>The stored blocks whose pages are there.</summary>
    IEnumerable<Units.BlockNumber> Blocks { get; }
}

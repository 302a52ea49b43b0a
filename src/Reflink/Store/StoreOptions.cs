namespace Reflink;

/// <summary>Where a page store on files keeps them, and how much memory it may take for pages.</summary>
public sealed record StoreOptions
{
    /// <summary>The least memory that a store on files runs with: 1 MiB.</summary>
    public const long LeastMemory = 1 << 20;

    /// <summary>The most memory that a store on files makes use of: 64 GiB.</summary>
    public const long MaxMemory = 1L << 36;

    /// <summary>The folder, for this store alone: made if it is not there, otherwise empty or one that an earlier store of the same use has left.</summary>
    public required string Folder { get; init; }

    /// <summary>What becomes of the folder; scratch space if nothing is said.</summary>
    public StoreUse Use { get; init; }

    /// <summary>
    /// Bytes of memory for pages, rounded down to a power of two; beside them, tables take some 60 bytes for every page in the
    /// store. On disk, a store takes at most twice the pages that it holds, or twice this if that is more.
    /// </summary>
    public long Memory { get; init; } = 128 << 20;

    internal void Check()
    {
        if (string.IsNullOrWhiteSpace(Folder))
        {
            throw new ReflinkException(Errno.EINVAL, $"{nameof(StoreOptions)}.{nameof(Folder)} is empty; name a folder for the page store");
        }

        if (Memory is < LeastMemory or > MaxMemory)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"{nameof(StoreOptions)}.{nameof(Memory)} is {Memory} bytes; a store on files takes {LeastMemory} (1 MiB) to {MaxMemory} (64 GiB)");
        }
    }
}

namespace Reflink.Store.Disks;

/// <summary>The sizes of a page log, all in bytes and powers of two. Those of pages and segments belong to the files, that of the memory to a run.</summary>
/// <param name="Memory">Memory for the newest pages.</param>
/// <param name="LogPage">What FASTER takes from memory and writes at once.</param>
/// <param name="Segment">A file.</param>
internal readonly record struct StoreGeometry(long Memory, long LogPage, long Segment)
{
    /// <summary>The sizes that go with an amount of memory.</summary>
    public static StoreGeometry Of(long memory, long? logPage = null)
    {
        var page = logPage ?? Math.Clamp(memory / 64, 1 << 16, 1 << 20);
        return new(memory, page, Math.Max(memory / 8, 2 * page));
    }

    /// <summary>The sizes that go with an amount of memory, where files of such pages and segments are there.</summary>
    public StoreGeometry WithFilesOf(long logPage, long segment) => new(Math.Max(Memory, 4 * logPage), logPage, segment);
}

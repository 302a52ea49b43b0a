namespace Reflink.Benchmarks.Cached;

/// <summary>A file, or what is used as one, that is wholly in memory.</summary>
internal interface ICachedFile : IDisposable
{
    /// <summary>Who it is in the table.</summary>
    string Name { get; }

    /// <summary>What a reader should know of it.</summary>
    string Note { get; }

    /// <summary>Copies the page at an offset.</summary>
    void Read(long offset, Span<byte> page);

    /// <summary>Overwrites the page at an offset.</summary>
    void Write(long offset, ReadOnlySpan<byte> page);
}

namespace Reflink.Store.Disks;

/// <summary>A file of an <see cref="IDisk"/>.</summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>Bytes in the file.</summary>
    long Length { get; }

    /// <summary>Reads from a place on; returns how many bytes there were.</summary>
    int Read(long at, Span<byte> into);

    /// <summary>Writes all bytes at a place; behind the end the file grows.</summary>
    void Write(long at, ReadOnlySpan<byte> bytes);
}

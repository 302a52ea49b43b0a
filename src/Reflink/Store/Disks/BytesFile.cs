namespace Reflink.Store.Disks;

/// <summary>What a file held when it was read.</summary>
internal sealed class BytesFile(byte[] bytes) : IDiskFile
{
    /// <inheritdoc/>
    public long Length => bytes.Length;

    /// <inheritdoc/>
    public int Read(long at, Span<byte> into)
    {
        var rest = bytes.AsSpan((int)Math.Min(at, bytes.Length));
        rest = rest[..Math.Min(rest.Length, into.Length)];
        rest.CopyTo(into);
        return rest.Length;
    }

    /// <inheritdoc/>
    public void Write(long at, ReadOnlySpan<byte> written) => Invariant.Broken("a reader writes");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

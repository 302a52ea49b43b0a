namespace Reflink.IO.Abstractions;

/// <content>Bytes.</content>
internal sealed partial class VolumeFile
{
    /// <inheritdoc/>
    public byte[] ReadAllBytes(string path)
    {
        using var stream = Stream(path, FileMode.Open, FileAccess.Read);
        if (stream.Length > Array.MaxLength)
        {
            throw new IOException($"The file '{path}' is too long for one array, with {stream.Length} bytes; read it from a stream.");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public void WriteAllBytes(string path, byte[] bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(bytes);
        WriteBytes(path, FileMode.Create, bytes);
    }

    /// <inheritdoc/>
    public void WriteAllBytes(string path, ReadOnlySpan<byte> bytes) => WriteBytes(path, FileMode.Create, bytes);

    /// <inheritdoc/>
    public void AppendAllBytes(string path, byte[] bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(bytes);
        WriteBytes(path, FileMode.Append, bytes);
    }

    /// <inheritdoc/>
    public void AppendAllBytes(string path, ReadOnlySpan<byte> bytes) => WriteBytes(path, FileMode.Append, bytes);

    private void WriteBytes(string path, FileMode mode, ReadOnlySpan<byte> bytes)
    {
        using var stream = Stream(path, mode, FileAccess.Write);
        stream.Write(bytes);
    }
}

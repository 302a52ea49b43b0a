namespace Reflink.IO.Abstractions.Calls;

/// <summary>A stream as System.IO.Abstractions hands it out.</summary>
internal sealed class VolumeFileStream(VolumeStream stream, FileOptions options) : FileSystemStream(stream, stream.Name, (options & FileOptions.Asynchronous) != 0)
{
    /// <inheritdoc/>
    public override void Flush(bool flushToDisk)
    {
        if (flushToDisk)
        {
            stream.FlushToDisk();
        }
        else
        {
            stream.Flush();
        }
    }
}

using System.IO.Abstractions.TestingHelpers;

namespace Reflink.Benchmarks.Cached;

/// <summary>A stream over memory: .NET's own, or an open file of the well-known fake file system.</summary>
internal sealed class StreamFile(string name, string note, Stream stream) : ICachedFile
{
    public string Name => name;

    public string Note => note;

    /// <summary>.NET's stream over an array that grows no more.</summary>
    public static StreamFile Memory(long bytes) => new("MemoryStream", "an array of that size", new MemoryStream(new byte[bytes]));

    /// <summary>The fake file system of System.IO.Abstractions.</summary>
    public static StreamFile Mock(long bytes)
    {
        var stream = new MockFileSystem().File.Create("/file");
        stream.SetLength(bytes);
        return new("MockFileSystem", "an open stream, never flushed", stream);
    }

    public void Read(long offset, Span<byte> page)
    {
        stream.Position = offset;
        stream.ReadExactly(page);
    }

    public void Write(long offset, ReadOnlySpan<byte> page)
    {
        stream.Position = offset;
        stream.Write(page);
    }

    // A mock that is closed copies its file once more; it dies with the process instead.
    public void Dispose()
    {
    }
}

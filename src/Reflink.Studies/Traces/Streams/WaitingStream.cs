namespace Reflink.Studies.Traces.Streams;

// A pipe or a terminal: whoever waits for its next bytes can be told to stop.
internal sealed class WaitingStream(Stream source, CancellationToken cancel) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[1 << 16];

    public static T Wait<T>(Func<T> blocking, CancellationToken cancel) => Task.Run(blocking, cancel).WaitAsync(cancel).GetAwaiter().GetResult();

    public override int Read(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _buffer.Length);
        var count = Wait(() => source.Read(_buffer, 0, length), cancel);
        _buffer.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}

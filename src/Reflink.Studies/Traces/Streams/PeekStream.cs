namespace Reflink.Studies.Traces.Streams;

// A file, or a pipe, whose next bytes can be looked at before they are taken.
internal sealed class PeekStream(Stream source) : ReadOnlyStream
{
    private byte[] _buffer = new byte[1 << 17];
    private long _before;
    private int _from;
    private int _to;

    public override long Position { get => _before + _from; set => throw new NotSupportedException(); }

    /// <summary>The next bytes: at least as many as were asked for, unless the end comes first.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_to - _from < count)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_before, _from, _to) = (_before + _from, 0, _to - _from);
            if (count > _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(count, 2 * _buffer.Length));
            }

            _to += source.ReadAtLeast(_buffer.AsSpan(_to), count - _to, throwOnEndOfStream: false);
        }

        return _buffer.AsSpan(_from, _to - _from);
    }

    /// <summary>Takes bytes that were looked at.</summary>
    public void Skip(int count) => _from += count;

    public override int Read(Span<byte> buffer)
    {
        var next = Peek(Math.Min(1, buffer.Length));
        var count = Math.Min(next.Length, buffer.Length);
        next[..count].CopyTo(buffer);
        _from += count;
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

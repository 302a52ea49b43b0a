namespace Reflink.IO.Abstractions.Calls;

/// <summary>
/// The bytes of an open file, with the semantics of a FileStream without a buffer: what is written is in the file at once, for every other stream to see. Asynchronous calls have
/// ended when they return, since a machine has one thread.
/// </summary>
internal sealed class VolumeStream : Stream
{
    private readonly VolumeCalls _calls;
    private readonly OpenRequest _request;
    private readonly long _appendStart;
    private long _position;
    private bool _closed;

    internal VolumeStream(VolumeCalls calls, OpenFile file, string path, OpenRequest request)
    {
        (_calls, File, Name, _request) = (calls, file, path, request);
        _appendStart = request.Mode == FileMode.Append ? file.Size : -1;
        _position = Math.Max(0, _appendStart);
    }

    /// <summary>The open file of the volume.</summary>
    public OpenFile File { get; }

    /// <summary>The full path that it was opened by.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override bool CanRead => !_closed && _request.Reads;

    /// <inheritdoc/>
    public override bool CanSeek => !_closed;

    /// <inheritdoc/>
    public override bool CanWrite => !_closed && _request.Writes;

    /// <inheritdoc/>
    public override long Length
    {
        get
        {
            RequireOpen();
            return File.Size;
        }
    }

    /// <inheritdoc/>
    public override long Position
    {
        get
        {
            RequireOpen();
            return _position;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Seek(value, SeekOrigin.Begin);
        }
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        if (origin is < SeekOrigin.Begin or > SeekOrigin.End)
        {
            throw new ArgumentException($"{origin} is no place to seek from in '{Name}'.", nameof(origin));
        }

        RequireOpen();
        var position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        if (position < 0)
        {
            throw new IOException($"The file '{Name}' begins at 0, and {position} lies before it; seek to where it may have bytes.") { HResult = (int)Errno.EINVAL };
        }

        if (position < _appendStart)
        {
            throw new IOException($"Unable to seek backward to overwrite data that '{Name}' held when it was opened in Append mode.");
        }

        return _position = position;
    }

    /// <inheritdoc/>
    public override void SetLength(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        RequireOpen();
        RequireWriting();
        if (value < _appendStart)
        {
            throw new IOException($"Unable to truncate data that '{Name}' held when it was opened in Append mode.");
        }

        Call(() => File.Truncate(value));
        _position = Math.Min(_position, value);
        _calls.Events.Written(Name);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        RequireOpen();
        if (!_request.Reads)
        {
            throw new NotSupportedException($"The stream of '{Name}' does not support reading: it was opened with FileAccess.{_request.Access}.");
        }

        try
        {
            var read = File.Read(_position, buffer);
            _position += read;
            _calls.Events.Read(Name);
            return read;
        }
        catch (ReflinkException e)
        {
            throw IoErrors.Of(e, Name);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireOpen();
        RequireWriting();
        if (buffer.IsEmpty)
        {
            return;
        }

        try
        {
            // A write that runs out of space or memory on the way is short, and the next one says why.
            for (var done = 0; done < buffer.Length;)
            {
                var written = File.Write(_position, buffer[done..]);
                done += written;
                _position += written;
            }
        }
        catch (ReflinkException e)
        {
            throw IoErrors.Of(e, Name);
        }

        _calls.Events.Written(Name);
    }

    /// <inheritdoc/>
    public override void Flush() => RequireOpen();

    /// <summary>Makes the whole volume durable, if its store is (<see cref="Volume.Sync"/>).</summary>
    public void FlushToDisk()
    {
        RequireOpen();
        if (_request.Writes)
        {
            Call(File.Sync);
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Done.Run(Flush, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Done.Run(() => Read(buffer, offset, count), cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Done.Run(() => Read(buffer.Span), cancellationToken));

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Done.Run(() => Write(buffer, offset, count), cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Done.Run(() => Write(buffer.Span), cancellationToken));

    /// <summary>Closes a file that could not be opened as was asked.</summary>
    internal void Abandon() => Close(FileOptions.None);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Close(_request.Options);
        base.Dispose(disposing);
    }

    private void Close(FileOptions options)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        if ((options & FileOptions.DeleteOnClose) != 0 && _calls.FileExists(Name))
        {
            _calls.DeleteFile(Name);
        }

        _calls.Release(File);
        File.Dispose();
    }

    private void RequireOpen() => ObjectDisposedException.ThrowIf(_closed, this);

    private void RequireWriting()
    {
        if (!_request.Writes)
        {
            throw new NotSupportedException($"The stream of '{Name}' does not support writing: it was opened with FileAccess.{_request.Access}.");
        }
    }

    private void Call(Action call)
    {
        try
        {
            call();
        }
        catch (ReflinkException e)
        {
            throw IoErrors.Of(e, Name);
        }
    }
}

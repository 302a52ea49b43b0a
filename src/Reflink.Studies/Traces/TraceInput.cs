using Microsoft.Win32.SafeHandles;
using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces;

/// <summary>
/// Where the bytes of a trace come from: a file, or a pipe, which can be read only once. If it has to be read again, a pipe is first copied into a file
/// without a name in the temporary folder.
/// </summary>
internal sealed class TraceInput : IDisposable
{
    /// <summary>As a path: standard input.</summary>
    public const string Standard = "-";

    private readonly FileStream? _file;
    private Stream? _pipe;

    private TraceInput(string path, FileStream? file, Stream? pipe) => (Path, _file, _pipe) = (path, file, pipe);

    /// <summary>What the user called it.</summary>
    public string Path { get; }

    /// <summary>How many bytes there are; 0 if nobody knows.</summary>
    public long Length => _file?.Length ?? 0;

    /// <summary>Opens the input.</summary>
    /// <param name="path">A file, a device such as /dev/stdin, a named pipe, or <see cref="Standard"/>.</param>
    /// <param name="isReadAgain">Whether <see cref="Read"/> will be called more than once.</param>
    /// <param name="cancel">Ends waiting for a pipe.</param>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, EACCES; ENOSPC: a pipe does not fit into the temporary folder.</exception>
    public static TraceInput Open(string path, bool isReadAgain, CancellationToken cancel)
    {
        var stream = WaitingStream.Wait(() => OpenStream(path), cancel);
        if (stream is FileStream { CanSeek: true } file)
        {
            return new TraceInput(path, file, pipe: null);
        }

        var pipe = new WaitingStream(stream, cancel);
        return isReadAgain ? new TraceInput(path, Spool(path, pipe), pipe: null) : new TraceInput(path, file: null, pipe);
    }

    /// <summary>The bytes from the first; one reader at a time does not disturb another.</summary>
    public PeekStream Read()
    {
        if (_file is null)
        {
            Invariant.Check(_pipe is not null);
            var pipe = _pipe;
            _pipe = null;
            return new PeekStream(pipe);
        }

        // Each has a position of its own, as every read names its place.
        return new PeekStream(new FileStream(new SafeFileHandle(_file.SafeFileHandle.DangerousGetHandle(), ownsHandle: false), FileAccess.Read) { Position = 0 });
    }

    public void Dispose()
    {
        _file?.Dispose();
        _pipe?.Dispose();
    }

    private static Stream OpenStream(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' is a directory; name a trace in it");
        }

        try
        {
            return path == Standard ? Console.OpenStandardInput()
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReflinkException(e is FileNotFoundException or DirectoryNotFoundException ? Errno.ENOENT : Errno.EACCES, $"the trace '{path}' cannot be read: {e.Message.TrimEnd('.')}; name a file that is there and that you may read", e);
        }
    }

    private static FileStream Spool(string path, WaitingStream pipe)
    {
        var name = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());
        var file = new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        try
        {
            // Whoever ends this process, and however, leaves nothing behind.
            File.Delete(name);
            pipe.CopyTo(file);
            file.Flush();
            return file;
        }
        catch (IOException e)
        {
            file.Dispose();
            throw new ReflinkException(Errno.ENOSPC, $"'{path}' has to be read twice, and cannot be copied into {System.IO.Path.GetTempPath()}: {e.Message}; have TMPDIR name a larger folder, or make a file of it", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        finally
        {
            pipe.Dispose();
        }
    }
}

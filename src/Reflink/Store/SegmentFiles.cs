using System.Runtime.InteropServices;
using FASTER.core;
using Microsoft.Win32.SafeHandles;
using Reflink.Units;

namespace Reflink.Store;

/// <summary>
/// The device below a FASTER log: one file a segment, all of whose space is taken before FASTER hears of it, so that no write
/// of FASTER's finds the disk full. Every operation is done when the call returns.
/// </summary>
/// <remarks>
/// FASTER waits forever for a page that could not be flushed, and uses whatever is in memory when one could not be read. So
/// it never hears of an error: what cannot be read is zeroes, which no checksum fits, and a write that failed is <see cref="Fault"/>.
/// </remarks>
internal sealed unsafe class SegmentFiles(StoreFolder folder, long segment) : StorageDeviceBase(folder.PageFiles, SectorBytes, -1)
{
    private const int SectorBytes = 512;

    private readonly Dictionary<int, SafeFileHandle> _files = [];

    private int _begin;

    /// <summary>The first segment whose space is not taken.</summary>
    public int End { get; private set; }

    /// <summary>Bytes read and written so far.</summary>
    public (long Read, long Written) Traffic { get; private set; }

    /// <summary>Bytes that the files take.</summary>
    public long OnDisk => _files.Count * segment;

    /// <summary>Why a write failed, if one ever did: the pages that it should have written are lost.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Takes the space of segment <see cref="End"/>. Returns why that could not be done, or null.</summary>
    public ReflinkException? Extend()
    {
        try
        {
            _files.Add(End, File.OpenHandle(
                NameOf(End), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, preallocationSize: segment));
            End++;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return folder.Describe(e, "cannot grow");
        }
    }

    public override void WriteAsync(
        nint source, int segmentId, ulong at, uint count, DeviceIOCompletionCallback callback, object context)
    {
        try
        {
            RandomAccess.Write(_files[segmentId], new ReadOnlySpan<byte>((void*)source, (int)count), (long)at);
            Traffic = (Traffic.Read, Traffic.Written + count);
        }
        catch (Exception e) when (e is IOException or KeyNotFoundException)
        {
            Fault ??= e;
        }

        callback(0, count, context);
    }

    public override void ReadAsync(
        int segmentId, ulong at, nint destination, uint count, DeviceIOCompletionCallback callback, object context)
    {
        var rest = new Span<byte>((void*)destination, (int)count);
        try
        {
            while (rest.Length > 0 && _files.TryGetValue(segmentId, out var file)
                && RandomAccess.Read(file, rest, (long)at + (count - rest.Length)) is > 0 and var read)
            {
                rest = rest[read..];
            }
        }
        catch (IOException)
        {
            // As if the file ended here.
        }

        Traffic = (Traffic.Read + (count - rest.Length), Traffic.Written);
        rest.Clear();
        callback(0, count, context);
    }

    /// <summary>Deletes the files of all segments before one.</summary>
    public void DropUntil(int segmentId)
    {
        for (; _begin < segmentId; _begin++)
        {
            Remove(_begin);
        }
    }

    // FASTER would do it on another thread, at some time.
    public override void RemoveSegmentAsync(int segmentId, AsyncCallback callback, IAsyncResult result) => callback(result);

    public override void Dispose() => DropUntil(End);

    private void Remove(int id)
    {
        if (_files.Remove(id, out var file))
        {
            file.Dispose();
            folder.Delete(NameOf(id));
        }
    }

    private string NameOf(int id) => GetSegmentFilename(FileName, id);
}

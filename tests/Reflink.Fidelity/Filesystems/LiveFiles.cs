using Microsoft.Win32.SafeHandles;

namespace Reflink.Fidelity.Filesystems;

/// <summary>Files of a filesystem of the running kernel, by its system calls.</summary>
public sealed class LiveFiles : IFileDriver
{
    /// <summary>What <see cref="Do"/> returns for a destination whose bytes differ.</summary>
    public const long Differs = -1_000;

    private readonly string _folder;

    // Btrfs calls an extent shared if any part of it, used or not, has another owner.
    private readonly bool _marksPages;
    private readonly SafeFileHandle[] _files;

    /// <summary>That many new empty files in a folder, which must be empty, too.</summary>
    public LiveFiles(string folder, int files)
    {
        (_folder, _marksPages) = (folder, new DriveInfo(folder).DriveFormat != "btrfs");
        _files = [.. Enumerable.Range(0, files).Select(i => File.OpenHandle(
            Path.Combine(folder, $"f{i}"), FileMode.CreateNew, FileAccess.ReadWrite))];
    }

    /// <summary>The bytes that a write puts down: they differ from page to page.</summary>
    public static byte[] Pattern(in FileOp op)
    {
        var bytes = new byte[op.Length];
        for (var i = 0; i < bytes.Length && op.Value != 0; i++)
        {
            bytes[i] = (byte)(1 + ((op.Value + (i >> Page.Shift)) % 255));
        }

        return bytes;
    }

    /// <inheritdoc/>
    public (long First, long Second) Do(in FileOp op)
    {
        var (file, other) = (_files[op.File], _files[op.Other]);
        switch (op.Verb)
        {
            case FileVerb.Write: return (FileCalls.Write(file, Pattern(op), op.Offset), 0);
            case FileVerb.Truncate: return (FileCalls.Truncate(file, op.Offset), 0);
            case FileVerb.Clone: return (FileCalls.Clone(other, file), 0);
            case FileVerb.CloneRange: return (FileCalls.CloneRange(other, op.OtherOffset, op.Length, file, op.Offset), 0);
            case FileVerb.CopyRange: return (FileCalls.Copy(other, op.OtherOffset, file, op.Offset, op.Length), 0);
            case FileVerb.Fallocate: return (FileCalls.Fallocate(file, op.Value, op.Offset, op.Length), 0);
            case FileVerb.Seek: return (Math.Max(-1, Math.Min(0, FileCalls.SeekData(file, op.Offset))), Math.Max(-1, Math.Min(0, FileCalls.SeekHole(file, op.Offset))));
            case FileVerb.Sync: RandomAccess.FlushToDisk(file); return default;
            default:
                var (error, results) = FileCalls.Dedupe(file, op.Offset, op.Length, [(other, op.OtherOffset), (file, op.OtherOffset)]);
                return error != 0 ? (error, 0) : (results[0], results[1]);
        }
    }

    /// <summary>Writes bytes of any kind.</summary>
    public void Overwrite(int file, long offset, byte[] bytes) => _ = FileCalls.Write(_files[file], bytes, offset);

    /// <inheritdoc/>
    public FileState State(int file)
    {
        var handle = _files[file];
        var bytes = new byte[RandomAccess.GetLength(handle)];
        for (var done = 0; done < bytes.Length;)
        {
            done += RandomAccess.Read(handle, bytes.AsSpan(done), done);
        }

        var (places, marks) = (new long[Page.CountFor(bytes.Length)], new char[Page.CountFor(bytes.Length)]);
        Array.Fill(places, -1);
        Array.Fill(marks, FileState.Hole);

        // A file that was written shares its old blocks until it is synced, so all are before one of them is asked.
        Array.ForEach(_files, f => _ = FileCalls.Extents(f));
        foreach (var extent in FileCalls.Extents(handle))
        {
            for (var at = extent.Logical; at < extent.Logical + extent.Length && at >> Page.Shift < places.Length; at += Page.Size)
            {
                var page = at >> Page.Shift;
                marks[page] = FileState.MarkOf(extent.Flags);
                places[page] = marks[page] == FileState.Unwritten ? -1 : extent.Physical + (at - extent.Logical);
            }
        }

        return new FileState(bytes, places, _marksPages ? marks : null, DataRanges.Of(bytes.Length, at => FileCalls.SeekData(handle, at), at => FileCalls.SeekHole(handle, at)));
    }

    /// <summary>Closes and deletes the files.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _files.Length; i++)
        {
            _files[i].Dispose();
            File.Delete(Path.Combine(_folder, $"f{i}"));
        }
    }
}

using System.Buffers.Binary;
using System.IO.Hashing;
using Reflink.Store.Disks;

namespace Reflink.Store.Commits;

/// <summary>
/// What commits say, one frame each. A journal begins with a frame that says everything, and the others say what changed; once
/// they are more than the first, the next frame says everything again, in a journal of its own.
/// <code>
///   1 pages and frame are written   2 flushed   3 the mark (<see cref="CommitMark"/>) is written   4 flushed: committed
/// </code>
/// A frame is good by its checksum; what lies behind the last mark never counts, and what lies before it must be good.
/// </summary>
internal sealed class StoreJournal : IDisposable
{
    /// <summary>Frames of changes are not looked at before they are this long together.</summary>
    public const long LeastChanges = 1 << 20;

    private const int HeaderBytes = 2 * sizeof(long);

    private readonly IDisk _disk;
    private readonly long _leastChanges;
    private readonly IDiskFile _commits;
    private IDiskFile? _journal;
    private CommitMark _last;
    private long _wholeBytes;
    private Exception? _fault;

    private StoreJournal(IDisk disk, long leastChanges, IDiskFile commits) => (_disk, _leastChanges, _commits) = (disk, leastChanges, commits);

    /// <summary>Whether the next commit must say everything.</summary>
    public bool NeedsFullRecord => _journal is null || _last.End - _wholeBytes > Math.Max(_leastChanges, 2 * _wholeBytes);

    /// <summary>A new journal without a commit.</summary>
    public static StoreJournal Create(IDisk disk, long leastChanges)
    {
        var commits = disk.Create(StoreFiles.Commits, CommitMark.FileBytes);
        commits.Write(0, new byte[CommitMark.FileBytes]);
        return new StoreJournal(disk, leastChanges, commits);
    }

    /// <summary>Whether a disk has a commit.</summary>
    public static bool IsIn(IDisk disk)
    {
        if (!disk.Names.Contains(StoreFiles.Commits))
        {
            return false;
        }

        using var commits = disk.Open(StoreFiles.Commits);
        return CommitMark.TryRead(commits, out _);
    }

    /// <summary>Whether a disk had a commit that cannot be read any more. Before the first the file is zeroes, and a sector is written whole or not.</summary>
    public static bool IsLostIn(IDisk disk)
    {
        if (!disk.Names.Contains(StoreFiles.Commits))
        {
            return false;
        }

        using var commits = disk.Open(StoreFiles.Commits);
        var bytes = new byte[CommitMark.FileBytes];
        return bytes.AsSpan(0, commits.Read(0, bytes)).ContainsAnyExcept((byte)0) && !CommitMark.TryRead(commits, out _);
    }

    /// <summary>Opens the journal of the last commit; gives its frames, the whole one first.</summary>
    /// <exception cref="ReflinkException">EIO: a file is missing or damaged.</exception>
    public static StoreJournal Open(IDisk disk, long leastChanges, out List<byte[]> frames)
    {
        StoreJournal? opened = null;
        try
        {
            if (!disk.Names.Contains(StoreFiles.Commits))
            {
                throw StoreErrors.Damaged(disk.Place, StoreFiles.Commits, "is missing");
            }

            opened = new StoreJournal(disk, leastChanges, disk.Open(StoreFiles.Commits));
            if (!CommitMark.TryRead(opened._commits, out opened._last))
            {
                throw StoreErrors.Damaged(disk.Place, StoreFiles.Commits, "names no commit");
            }

            var name = StoreFiles.Journal(opened._last.Journal);
            opened._journal = disk.Names.Contains(name) ? disk.Open(name) : throw StoreErrors.Damaged(disk.Place, name, "is missing");
            frames = opened.ReadFrames(name);
            return opened;
        }
        catch
        {
            opened?.Dispose();
            throw;
        }
    }

    /// <summary>Commits: when it returns, all that was written to the disk and this frame outlast any crash.</summary>
    /// <param name="frame">What there is to say.</param>
    /// <param name="scope">Whether that is everything, or what changed.</param>
    /// <exception cref="ReflinkException">
    /// ENOSPC or EIO: it was not committed. Where the flushing failed nobody knows what the disk has, so nothing is
    /// committed any more.
    /// </exception>
    public void Commit(ReadOnlySpan<byte> frame, CommitScope scope)
    {
        var isWhole = scope == CommitScope.Everything;
        CheckFault();
        Invariant.Check(isWhole || _journal is not null);
        var number = _last.Journal + (isWhole ? 1 : 0);
        var (journal, at) = isWhole ? (Begin(number), 0) : (_journal!, _last.End);
        try
        {
            WriteFrame(journal, at, frame, _last.Sequence + 1);
        }
        catch (Exception e) when (StoreErrors.IsOfFiles(e))
        {
            Abandon(journal, number);
            throw StoreErrors.Describe(_disk.Place, e, "cannot be synced");
        }

        var mark = new CommitMark(_last.Sequence + 1, number, at + HeaderBytes + frame.Length);
        try
        {
            _disk.Flush();
            mark.Write(_commits);
            _disk.Flush();
        }
        catch (Exception e) when (StoreErrors.IsOfFiles(e))
        {
            _fault = e;
            CheckFault();
        }

        Take(mark, journal);
    }

    /// <summary>Deletes journals that do not count.</summary>
    public void DeleteOthers()
    {
        foreach (var name in _disk.Names.Where(n => StoreFiles.JournalOf(n) >= 0 && StoreFiles.JournalOf(n) != _last.Journal))
        {
            _disk.Delete(name);
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _journal?.Dispose();
        _commits.Dispose();
    }

    private IDiskFile Begin(int number)
    {
        try
        {
            _disk.Delete(StoreFiles.Journal(number));
            return _disk.Create(StoreFiles.Journal(number), 0);
        }
        catch (Exception e) when (StoreErrors.IsOfFiles(e))
        {
            throw StoreErrors.Describe(_disk.Place, e, "cannot be synced");
        }
    }

    private void Abandon(IDiskFile journal, int number)
    {
        if (journal != _journal)
        {
            journal.Dispose();
            _disk.Delete(StoreFiles.Journal(number));
        }
    }

    private void Take(CommitMark mark, IDiskFile journal)
    {
        _last = mark;
        if (journal != _journal)
        {
            _journal?.Dispose();
            (_journal, _wholeBytes) = (journal, mark.End);
            DeleteOthers();
        }
    }

    private void CheckFault()
    {
        if (_fault is { } fault)
        {
            throw StoreErrors.Describe(_disk.Place, fault, "could not be flushed, takes no more, and has at least what was synced before; open it anew");
        }
    }

    private static ulong ChecksumOf(ReadOnlySpan<byte> frame, long sequence) => XxHash3.HashToUInt64(frame, sequence);

    private static void WriteFrame(IDiskFile journal, long at, ReadOnlySpan<byte> frame, long sequence)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt64LittleEndian(header, frame.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[sizeof(long)..], ChecksumOf(frame, sequence));
        journal.Write(at, header);
        journal.Write(at + HeaderBytes, frame);
    }

    // The sequence of the first frame is known only when all have been counted.
    private List<byte[]> ReadFrames(string name)
    {
        var frames = new List<(long At, byte[] Bytes, ulong Checksum)>();
        Span<byte> header = stackalloc byte[HeaderBytes];
        for (var at = 0L; at < _last.End; at += HeaderBytes + frames[^1].Bytes.Length)
        {
            var length = _journal!.Read(at, header) == HeaderBytes ? BinaryPrimitives.ReadInt64LittleEndian(header) : -1;
            if (length < 0 || length > _last.End - at - HeaderBytes)
            {
                throw StoreErrors.Damaged(_disk.Place, name, $"has no commit at {at}");
            }

            var bytes = new byte[length];
            frames.Add((at, bytes, BinaryPrimitives.ReadUInt64LittleEndian(header[sizeof(long)..])));
            if (_journal.Read(at + HeaderBytes, bytes) < length)
            {
                throw StoreErrors.Damaged(_disk.Place, name, $"ends within the commit at {at}");
            }
        }

        for (var n = 0; n < frames.Count; n++)
        {
            if (ChecksumOf(frames[n].Bytes, _last.Sequence - frames.Count + 1 + n) != frames[n].Checksum)
            {
                throw StoreErrors.Damaged(_disk.Place, name, $"does not match its checksum in the commit at {frames[n].At}");
            }
        }

        _wholeBytes = HeaderBytes + (frames.Count > 0 ? frames[0].Bytes.Length : 0);
        return [.. frames.Select(f => f.Bytes)];
    }
}

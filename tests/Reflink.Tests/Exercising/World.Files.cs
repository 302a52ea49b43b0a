using Reflink.Files;
using Reflink.Units;

namespace Reflink.Tests.Exercising;

/// <content>What happens to files.</content>
internal sealed partial class World
{
    public void Write(int file, int offset, int length, byte value)
    {
        _notes?.Add($"write f{file} [{offset},+{length}) = {value}");
        using var open = Machine.Volume.Open(NameOf(file), OpenFlags.ReadWrite | OpenFlags.Create);
        var flat = _files[file] ??= new FlatFile();
        var bytes = _buffer.AsSpan(0, length);
        bytes.Fill(value);
        var written = 0;
        if (Try(null, () => written = open.Write(offset, _buffer.AsSpan(0, length))))
        {
            if (written < length && !IsShortOf(Errno.ENOMEM))
            {
                throw new Failure($"only {written} of {length} bytes were written");
            }

            flat.Write(offset, written, value);
        }
    }

    /// <summary>Reads a file from its beginning, some pages at a time, so that there is something to read ahead of.</summary>
    public void ReadInTurn(int file, int step)
    {
        _notes?.Add($"read f{file} by {step} pages");
        using var open = Open(file);
        for (var page = 0; page < _files[file]!.PageCount; page += step)
        {
            Compare(open, _files[file]!, $"f{file}", page, step);
        }
    }

    public void Truncate(int file, int size)
    {
        _notes?.Add($"truncate f{file} to {size}");
        using var open = Open(file);
        if (Try(null, () => open.Truncate(size)))
        {
            _files[file]!.Truncate(size);
        }
    }

    public void Clone(int source, int target)
    {
        var expected = source == target ? Errno.EINVAL : (Errno?)null;
        _notes?.Add($"clone f{source} to f{target}{Attempted(expected)}");
        if (Try(expected, () => Machine.Volume.Clone(NameOf(source), NameOf(target))))
        {
            (_files[target] ??= new FlatFile()).Become(_files[source]!);
        }
    }

    public void CloneRange(int source, int from, int count, int target, int to)
    {
        var (flat, onto) = (_files[source]!, _files[target]!);
        var length = Math.Min(count * Page.Size, flat.Size - (from * Page.Size));
        Errno? expected = length <= 0 || (length % Page.Size != 0 && (to * Page.Size) + length < onto.Size)
            || (source == target && from < to + Page.CountFor(length) && to < from + Page.CountFor(length)) ? Errno.EINVAL : null;
        if (length == 0)
        {
            return;
        }

        _notes?.Add($"FICLONERANGE f{source} page {from} x{count} to f{target} page {to}{Attempted(expected)}");
        using var open = Open(source);
        using var ontoOpen = Open(target);
        if (Try(expected, () => Machine.Volume.CloneRange(open, from * Page.Size, length, ontoOpen, to * Page.Size)))
        {
            onto.TakePages(flat, from, (int)Page.CountFor(length), to, length);
        }
    }

    public void Dedupe(int source, int from, int count, int target, int to)
    {
        var (flat, onto) = (_files[source]!, _files[target]!);
        var length = Math.Min(count * Page.Size, Math.Min(flat.Size - (from * Page.Size), onto.Size - (to * Page.Size)));
        if (length <= 0 || (source == target && Math.Abs(from - to) < Page.CountFor(length)))
        {
            return;
        }

        // As the kernel does: a last part of a page counts only where both files end.
        var atEnds = (from * Page.Size) + length == flat.Size && (to * Page.Size) + length == onto.Size;
        var compared = atEnds ? length : length & ~(Page.Size - 1);
        var equal = flat.Bytes.AsSpan(from * Page.Size, compared).SequenceEqual(onto.Bytes.AsSpan(to * Page.Size, compared));
        _notes?.Add($"FIDEDUPERANGE f{source} page {from} +{length} to f{target} page {to}: {equal}");
        using var open = Open(source);
        using var ontoOpen = Open(target);
        var same = equal;
        _ = Try(null, () => same = Machine.Volume.Dedupe(open, from * Page.Size, length, ontoOpen, to * Page.Size));
        if (same != equal)
        {
            throw new Failure($"dedupe said {same} of bytes of which {equal} is true");
        }
    }

    public void Punch(int file, int offset, int length)
    {
        _notes?.Add($"punch f{file} [{offset},+{length})");
        using var open = Open(file);
        if (Try(null, () => open.PunchHole(offset, length)))
        {
            _files[file]!.Punch(offset, length);
        }
    }

    public void Collapse(int file, int page, int count)
    {
        var expected = (page + count) * Page.Size >= _files[file]!.Size ? Errno.EINVAL : (Errno?)null;
        _notes?.Add($"collapse f{file} page {page} x{count}{Attempted(expected)}");
        using var open = Open(file);
        if (Try(expected, () => open.Collapse(page * Page.Size, count * Page.Size)))
        {
            _files[file]!.Collapse(page, count);
        }
    }

    public void Insert(int file, int page, int count)
    {
        var flat = _files[file]!;
        if (flat.Size + (count * Page.Size) > FlatFile.MostPages * Page.Size)
        {
            return;
        }

        var expected = page * Page.Size >= flat.Size ? Errno.EINVAL : (Errno?)null;
        _notes?.Add($"insert f{file} page {page} x{count}{Attempted(expected)}");
        using var open = Open(file);
        if (Try(expected, () => open.Fallocate(FallocateMode.InsertRange, page * Page.Size, count * Page.Size)))
        {
            flat.Insert(page, count);
        }
    }

    public void Allocate(int file, FallocateMode mode, int offset, int length)
    {
        length = Math.Min(length, (FlatFile.MostPages * Page.Size) - offset);
        _notes?.Add($"fallocate {mode} f{file} [{offset},+{length})");
        using var open = Open(file);
        if (length > 0 && Try(null, () => open.Fallocate(mode, offset, length)))
        {
            _files[file]!.Allocate(mode, offset, length);
        }
    }

    public void Unlink(int file)
    {
        _notes?.Add($"unlink f{file}");
        Machine.Volume.Unlink(NameOf(file));
        _files[file] = null;
    }

    public void Rename(int file, int target)
    {
        _notes?.Add($"rename f{file} to f{target}");
        Machine.Volume.Rename(NameOf(file), NameOf(target));
        (_files[file], _files[target]) = file == target ? (_files[file], _files[file]) : (null, _files[file]);
    }

    /// <summary>Opens a file and keeps it open, whatever happens to its name; the one held before is closed.</summary>
    public void Hold(int file)
    {
        _notes?.Add($"hold f{file}");
        _held?.Open.Dispose();
        _held = (Open(file), _files[file]!);
    }

    public void ReadAll(int file)
    {
        _notes?.Add($"read f{file}");
        using var open = Open(file);
        Compare(open, _files[file]!, $"f{file}", 0, FlatFile.MostPages);
    }

    private OpenFile Open(int file) => Machine.Volume.Open(NameOf(file), OpenFlags.ReadWrite);
}

using System.Runtime.CompilerServices;

namespace Reflink.Vm;

/// <summary>The page-table entries of one address space.</summary>
internal sealed class EntryTable
{
    private static readonly EntryChunk s_nothing = new();
    private EntryDirectory _directory;
    private long _readNumber = -1;
    private EntryChunk _read = s_nothing;
    private long _ownNumber = -1;
    private EntryChunk _own = s_nothing;

    public EntryTable() => _directory = new EntryDirectory();

    private EntryTable(EntryDirectory directory) => _directory = directory;

    public Entry this[VirtualPage page]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var number = page.Value >> EntryChunk.Shift;
            return number == _readNumber ? _read[page.Value] : Find(number)[page.Value];
        }

        set
        {
            var number = page.Value >> EntryChunk.Shift;
            if (number != _ownNumber)
            {
                Own(number);
            }

            _own[page.Value] = value;
        }
    }

    /// <summary>A table with the same entries, in constant time; the first to write copies what it writes to.</summary>
    public EntryTable Share()
    {
        _directory.Holders++;
        DropCursors();
        return new EntryTable(_directory);
    }

    /// <summary>Frees the chunks that lie wholly in a range that is no longer mapped; other entries there are too old to be believed.</summary>
    public void Free(VirtualRange range)
    {
        var first = (range.Start.Value + EntryChunk.Length - 1) >> EntryChunk.Shift;
        foreach (var number in _directory.Numbers(first, range.End.Value >> EntryChunk.Shift))
        {
            Remove(number);
        }
    }

    /// <summary>The pages of a range that have an entry, in order, at the cost of the chunks that are there.</summary>
    public IEnumerable<VirtualPage> Entered(VirtualRange range)
    {
        foreach (var number in _directory.Numbers(range.Start.Value >> EntryChunk.Shift, ((range.End.Value - 1) >> EntryChunk.Shift) + 1))
        {
            var last = Math.Min((number + 1) << EntryChunk.Shift, range.End.Value);
            for (var page = Math.Max(number << EntryChunk.Shift, range.Start.Value); page < last; page++)
            {
                if (!this[new VirtualPage(page)].IsEmpty)
                {
                    yield return new VirtualPage(page);
                }
            }
        }
    }

    /// <summary>How many entries a range has that were made since then.</summary>
    public long Count(VirtualRange range, Tick since)
    {
        var count = 0L;
        foreach (var number in _directory.Numbers(range.Start.Value >> EntryChunk.Shift, ((range.End.Value - 1) >> EntryChunk.Shift) + 1))
        {
            var chunk = Find(number);
            var last = Math.Min((number + 1) << EntryChunk.Shift, range.End.Value);
            for (var page = Math.Max(number << EntryChunk.Shift, range.Start.Value); page < last; page++)
            {
                count += !chunk[page].IsEmpty && chunk[page].Tick >= since ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>How many pages the page tables take in the kernel: one for each chunk, and those of the two levels above (mm_pgtables_bytes).</summary>
    public long CountTables()
    {
        var numbers = _directory.Numbers(0, long.MaxValue);
        return numbers.Count + numbers.Select(n => n >> EntryChunk.Shift).Distinct().LongCount() + numbers.Select(n => n >> (2 * EntryChunk.Shift)).Distinct().LongCount();
    }

    /// <summary>Takes the entries of a range away.</summary>
    public void Clear(VirtualRange range)
    {
        Free(range);
        foreach (var page in Entered(range))
        {
            this[page] = default;
        }
    }

    /// <summary>Drops all entries.</summary>
    public void Release()
    {
        _directory.Release();
        _directory = new EntryDirectory();
        DropCursors();
    }

    private void Remove(long number)
    {
        OwnDirectory();
        _directory.Remove(number);
        DropCursors();
    }

    private EntryChunk Find(long number)
    {
        if (number != _readNumber)
        {
            _read = _directory.Find(number) ?? s_nothing;
            _readNumber = number;
        }

        return _read;
    }

    private void Own(long number)
    {
        OwnDirectory();
        _own = _directory.Own(number);
        _ownNumber = number;
        if (number == _readNumber)
        {
            _read = _own;
        }
    }

    private void OwnDirectory()
    {
        if (_directory.Holders > 1)
        {
            _directory = _directory.Copy();
        }
    }

    private void DropCursors()
    {
        (_readNumber, _read, _ownNumber, _own) = (-1, s_nothing, -1, s_nothing);
    }
}

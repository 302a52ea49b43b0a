using System.Runtime.CompilerServices;
using Reflink.Units;

namespace Reflink.Vm;

/// <summary>The page-table entries of one address space.</summary>
internal sealed class EntryTable
{
    private static readonly EntryChunk Nothing = new();
    private EntryDirectory _directory;
    private long _readNumber = -1;
    private EntryChunk _read = Nothing;
    private long _ownNumber = -1;
    private EntryChunk _own = Nothing;

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
        Forget();
        return new EntryTable(_directory);
    }

    /// <summary>Frees the chunks that lie wholly in a range that is no longer mapped; other entries there are too old to be believed.</summary>
    public void Free(VirtualPage start, long length)
    {
        var end = (start.Value + length) >> EntryChunk.Shift;
        for (var number = (start.Value + EntryChunk.Length - 1) >> EntryChunk.Shift; number < end; number++)
        {
            Remove(number);
        }
    }

    /// <summary>Takes the entries of a range away.</summary>
    public void Clear(VirtualPage start, long length)
    {
        for (var page = start; page < start + length;)
        {
            var number = page.Value >> EntryChunk.Shift;
            var end = Math.Min((number + 1) << EntryChunk.Shift, start.Value + length);
            if (end - page.Value == EntryChunk.Length)
            {
                Remove(number);
            }
            else if (!ReferenceEquals(Find(number), Nothing))
            {
                for (var one = page; one.Value < end; one += 1)
                {
                    this[one] = default;
                }
            }

            page = new VirtualPage(end);
        }
    }

    /// <summary>Lets go of all entries.</summary>
    public void Release()
    {
        _directory.Release();
        _directory = new EntryDirectory();
        Forget();
    }

    private void Remove(long number)
    {
        if (!ReferenceEquals(Find(number), Nothing))
        {
            OwnDirectory();
            _directory.Remove(number);
            Forget();
        }
    }

    private EntryChunk Find(long number)
    {
        if (number != _readNumber)
        {
            _read = _directory.Find(number) ?? Nothing;
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

    private void Forget()
    {
        (_readNumber, _read, _ownNumber, _own) = (-1, Nothing, -1, Nothing);
    }
}

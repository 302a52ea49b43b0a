namespace Reflink.Fidelity;

/// <summary>A private mapping of this process.</summary>
internal sealed unsafe class Region : IDisposable
{
    private readonly byte* _start;
    private readonly nint _length;
    private bool _mapped = true;

    /// <summary>Maps that many pages of a file, or of anonymous memory without huge pages if the file is none (-1).</summary>
    public Region(int file, int pages, int protection)
    {
        _length = (nint)pages << Page.Shift;
        var flags = Native.Private | (file < 0 ? Native.Anonymous : 0);
        var start = Native.Map(0, _length, protection, flags, file, 0);
        Native.Check(start != -1, "mmap");
        _start = (byte*)start;
        if (file < 0)
        {
            Native.Check(Native.Advise(start, _length, Native.NoHugePage) == 0, "madvise");
        }
    }

    public int Pages => (int)(_length >> Page.Shift);

    /// <summary>Loads a byte of every page; returns their sum, so that the loads are done.</summary>
    public int Load()
    {
        var sum = 0;
        for (nint at = 0; at < _length; at += Page.Size)
        {
            sum += Volatile.Read(ref _start[at]);
        }

        return sum;
    }

    /// <summary>Stores a byte to every page.</summary>
    public void Store()
    {
        for (nint at = 0; at < _length; at += Page.Size)
        {
            Volatile.Write(ref _start[at + 7], 1);
        }
    }

    public void Protect(int protection) => Native.Check(Native.Protect((nint)_start, _length, protection) == 0, "mprotect");

    public void Dispose()
    {
        if (_mapped)
        {
            _mapped = false;
            Native.Check(Native.Unmap((nint)_start, _length) == 0, "munmap");
        }
    }
}

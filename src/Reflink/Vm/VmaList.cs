namespace Reflink.Vm;

/// <summary>The mappings of an address space, in order of address.</summary>
internal sealed class VmaList
{
    private readonly List<Vma> _vmas = [];
    private Vma? _last;

    public IReadOnlyList<Vma> All => _vmas;

    /// <summary>The mapping at a page, if there is one. The last one found is tried first.</summary>
    public Vma? Find(VirtualPage page)
    {
        if (_last is { } last && page >= last.Start && page < last.End)
        {
            return last;
        }

        var at = FirstEndingBehind(page);
        return at < _vmas.Count && _vmas[at].Start <= page ? _last = _vmas[at] : null;
    }

    public void Add(Vma vma) => _vmas.Insert(FirstEndingBehind(vma.Start), vma);

    /// <summary>Adds a part cut off a mapping that still overlaps it, in front of it or behind it.</summary>
    public void AddPart(Vma part, Vma of)
    {
        var at = FirstEndingBehind(of.Start);
        _vmas.Insert(part.Start == of.Start ? at : at + 1, part);
        _last = null;
    }

    public void Remove(Vma vma)
    {
        var at = FirstEndingBehind(vma.Start);
        Invariant.Check(_vmas[at] == vma);
        _vmas.RemoveAt(at);
        _last = null;
    }

    public void Clear()
    {
        _vmas.Clear();
        _last = null;
    }

    /// <summary>The mappings that have a page in the range, as they are now.</summary>
    public List<Vma> Overlapping(VirtualRange range)
    {
        var found = new List<Vma>();
        for (var at = FirstEndingBehind(range.Start); at < _vmas.Count && _vmas[at].Start < range.End; at++)
        {
            found.Add(_vmas[at]);
        }

        return found;
    }

    /// <summary>The mapping before one, if it is not the first.</summary>
    public Vma? Before(Vma vma)
    {
        var at = FirstEndingBehind(vma.Start);
        return at > 0 ? _vmas[at - 1] : null;
    }

    /// <summary>The highest free range of that length below <paramref name="top"/>, or nothing.</summary>
    public VirtualPage? HighestGap(long length, VirtualPage bottom, VirtualPage top)
    {
        for (var at = _vmas.Count - 1; at >= 0; at--)
        {
            if (top - _vmas[at].End >= length)
            {
                break;
            }

            top = _vmas[at].Start < top ? _vmas[at].Start : top;
        }

        var start = new VirtualPage(top.Value - length);
        return start < bottom ? null : start;
    }

    /// <summary>The index of the first mapping that ends behind a page.</summary>
    public int FirstEndingBehind(VirtualPage page)
    {
        var (low, high) = (0, _vmas.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _vmas[middle].End <= page ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

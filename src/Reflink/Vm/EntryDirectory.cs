namespace Reflink.Vm;

/// <summary>The chunks of an address space by number (page divided by 512). A fork shares it whole, in constant time.</summary>
internal sealed class EntryDirectory
{
    private readonly Dictionary<long, EntryChunk> _chunks;

    public EntryDirectory() => _chunks = [];

    private EntryDirectory(Dictionary<long, EntryChunk> chunks) => _chunks = chunks;

    /// <summary>How many address spaces hold this directory.</summary>
    public int Holders { get; set; } = 1;

    public EntryChunk? Find(long number) => _chunks.GetValueOrDefault(number);

    /// <summary>The numbers from <paramref name="first"/> up to but without <paramref name="end"/> that have a chunk, in order.</summary>
    public List<long> Numbers(long first, long end)
    {
        var found = new List<long>();
        if (end - first > _chunks.Count)
        {
            // A mapping may be far longer than what was touched in it.
            found.AddRange(_chunks.Keys.Where(n => n >= first && n < end).Order());
            return found;
        }

        for (var number = first; number < end; number++)
        {
            if (_chunks.ContainsKey(number))
            {
                found.Add(number);
            }
        }

        return found;
    }

    /// <summary>A copy of the directory that shares its chunks; each chunk has one more reference.</summary>
    public EntryDirectory Copy()
    {
        foreach (var chunk in _chunks.Values)
        {
            chunk.Holders++;
        }

        Holders--;
        return new EntryDirectory(new Dictionary<long, EntryChunk>(_chunks));
    }

    /// <summary>The chunk of that number, this directory's alone.</summary>
    public EntryChunk Own(long number)
    {
        if (!_chunks.TryGetValue(number, out var chunk))
        {
            chunk = new EntryChunk();
            _chunks.Add(number, chunk);
        }
        else if (chunk.Holders > 1)
        {
            chunk.Holders--;
            chunk = chunk.Copy();
            _chunks[number] = chunk;
        }

        return chunk;
    }

    public void Remove(long number)
    {
        if (_chunks.Remove(number, out var chunk))
        {
            chunk.Holders--;
        }
    }

    /// <summary>One address space less.</summary>
    public void Release()
    {
        if (--Holders == 0)
        {
            foreach (var chunk in _chunks.Values)
            {
                chunk.Holders--;
            }
        }
    }
}

namespace Reflink.Patching.Sets;

/// <summary>Puts a set together from entries that come in canonical order and do not overlap. They are not checked.</summary>
/// <param name="target">The file that the set is for.</param>
/// <param name="label">What it is called.</param>
/// <param name="entries">How many entries there are at the most.</param>
/// <param name="bytes">How many bytes they replace at the most.</param>
internal sealed class PatchSetAppender(PatchTarget target, string? label, int entries, int bytes)
{
    private readonly long[] _offsets = new long[entries];
    private readonly int[] _starts = new int[entries + 1];
    private readonly byte[] _old = new byte[bytes];
    private readonly byte[] _new = new byte[bytes];
    private string?[]? _names;
    private int _count;

    private int Length => _starts[_count];

    /// <summary>Appends an entry.</summary>
    public void Add(long offset, ReadOnlySpan<byte> old, ReadOnlySpan<byte> @new, string? name = null)
    {
        old.CopyTo(_old.AsSpan(Length));
        @new.CopyTo(_new.AsSpan(Length));
        if (name is not null)
        {
            (_names ??= new string?[entries])[_count] = name;
        }

        _offsets[_count] = offset;
        _starts[_count + 1] = Length + old.Length;
        _count++;
    }

    /// <summary>Appends entries of another set that follow each other.</summary>
    public void AddRange(PatchSet set, int first, int count)
    {
        var starts = set.Copy(first, count, _offsets.AsSpan(_count), _old.AsSpan(Length), _new.AsSpan(Length));
        var shift = Length - starts[0];
        for (var i = 1; i <= count; i++)
        {
            _starts[_count + i] = starts[i] + shift;
        }

        for (var i = 0; set.HasNames && i < count; i++)
        {
            (_names ??= new string?[entries])[_count + i] = set.Name(first + i);
        }

        _count += count;
    }

    /// <summary>The set.</summary>
    public PatchSet Build()
    {
        var isFull = _count == entries && Length == bytes;
        return isFull ? new(target, label, _offsets, _starts, _old, _new, _names)
            : new(target, label, _offsets[.._count], _starts[..(_count + 1)], _old[..Length], _new[..Length], _names?[.._count]);
    }
}

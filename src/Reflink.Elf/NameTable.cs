using System.Text;

namespace Reflink.Elf;

/// <summary>
/// The zero-terminated names of a string table (gABI, "String Table"), each decoded once. Names may share a tail, so a hostile table
/// can hold far more text than bytes; the budget keeps that from becoming memory.
/// </summary>
internal sealed class NameTable
{
    private const int LongestName = 1 << 16;

    /// <summary>Linkers share tails here and there; real tables stay below twice their length.</summary>
    private const long SharedTails = 8;

    private readonly ElfImage _image;
    private readonly ulong _offset;
    private readonly ulong _length;
    private readonly Dictionary<uint, string> _decoded = [];
    private long _budget;

    internal NameTable(ElfImage image, ulong offset, ulong length, string what)
    {
        _budget = SharedTails * image.Slice(offset, length, what).Length;
        (_image, _offset, _length) = (image, offset, length);
    }

    /// <summary>The name at an offset of the table; empty behind its end.</summary>
    internal string At(uint offset)
    {
        if (offset >= _length)
        {
            return "";
        }

        if (!_decoded.TryGetValue(offset, out var name))
        {
            name = Decode(offset);
            _decoded.Add(offset, name);
        }

        return name;
    }

    private string Decode(uint offset)
    {
        var rest = _image.Slice(_offset + offset, Math.Min(LongestName, _length - offset), "string table");
        var end = rest.IndexOf((byte)0);
        var length = end < 0 ? rest.Length : end;
        _budget -= length;
        return length < LongestName && _budget >= 0
            ? Encoding.UTF8.GetString(rest[..length])
            : throw _image.Bad("is malformed: the names in its string table do not end or overlap without measure; get a whole copy");
    }
}

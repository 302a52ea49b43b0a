namespace Reflink.Elf;

/// <summary>Walks the notes of a segment or a section (gABI, "Note Section").</summary>
internal ref struct NoteCursor
{
    private const int HeaderSize = 12;
    private readonly ElfImage _image;
    private readonly int _padding;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Names and descriptions are padded to 4 bytes, or to 8 in a segment of that alignment (.note.gnu.property).</summary>
    internal NoteCursor(ElfImage image, ReadOnlySpan<byte> notes, ulong align = sizeof(uint))
    {
        (_image, _padding) = (image, align == sizeof(ulong) ? sizeof(ulong) : sizeof(uint));
        _rest = notes;
    }

    /// <summary>Whose note it is, with the zero at its end.</summary>
    internal ReadOnlySpan<byte> Owner { get; private set; }

    internal uint Type { get; private set; }

    internal ReadOnlySpan<byte> Content { get; private set; }

    internal bool MoveNext()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        var nameSize = ElfImage.U32(_rest, 0);
        var size = ElfImage.U32(_rest, 4);
        var start = Padded(HeaderSize + (long)nameSize);
        if (start > _rest.Length || size > _rest.Length - start)
        {
            throw _image.Bad("is malformed: a note is longer than the notes; get a whole copy");
        }

        Type = ElfImage.U32(_rest, 8);
        Owner = _rest.Slice(HeaderSize, (int)nameSize);
        Content = _rest.Slice((int)start, (int)size);
        _rest = _rest[(int)Math.Min(_rest.Length, Padded(start + size))..];
        return true;
    }

    private readonly long Padded(long size) => (size + _padding - 1) / _padding * _padding;
}

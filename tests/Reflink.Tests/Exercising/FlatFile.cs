using Reflink.Files;

namespace Reflink.Tests.Exercising;

/// <summary>A file too stupid to be wrong: all its bytes in one array, with what a mapping scribbled behind the end of its last page.</summary>
internal sealed class FlatFile
{
    public const int MostPages = 8;

    public byte[] Bytes { get; private init; } = new byte[MostPages * Page.Size];

    public int Size { get; set; }

    public int PageCount => (int)Page.CountFor(Size);

    public FlatFile Copy() => new() { Bytes = [.. Bytes], Size = Size };

    public Span<byte> PageAt(int page) => Bytes.AsSpan(page * Page.Size, Page.Size);

    public void Write(int offset, int length, byte value)
    {
        if (offset > Size)
        {
            ZeroTail();
        }

        Bytes.AsSpan(offset, length).Fill(value);
        Size = length > 0 ? Math.Max(Size, offset + length) : Size;
    }

    public void Truncate(int size)
    {
        if (size < Size)
        {
            Bytes.AsSpan(size).Clear();
        }
        else
        {
            ZeroTail();
        }

        Size = size;
    }

    /// <summary>A range that reaches the end of the file also takes what lies behind the end in its last page.</summary>
    public void Punch(int offset, int length)
    {
        var end = Math.Min(offset + length, Size);
        if (offset < end)
        {
            Bytes.AsSpan(offset, (end == Size ? PageCount * Page.Size : end) - offset).Clear();
        }
    }

    public void Collapse(int page, int count)
    {
        ZeroTail();
        Bytes.AsSpan((page + count) * Page.Size).CopyTo(Bytes.AsSpan(page * Page.Size));
        Bytes.AsSpan((MostPages - count) * Page.Size).Clear();
        Size -= count * Page.Size;
    }

    public void Insert(int page, int count)
    {
        ZeroTail();
        var (at, length) = (page * Page.Size, count * Page.Size);
        Bytes.AsSpan(at, Bytes.Length - at - length).CopyTo(Bytes.AsSpan(at + length));
        Bytes.AsSpan(at, length).Clear();
        Size += length;
    }

    public void Allocate(FallocateMode mode, int offset, int length)
    {
        var size = (mode & FallocateMode.KeepSize) != 0 ? Size : Math.Max(Size, offset + length);
        if (size > Size)
        {
            ZeroTail();
        }

        if ((mode & FallocateMode.ZeroRange) != 0)
        {
            Punch(offset, length);
        }

        Size = size;
    }

    public void Become(FlatFile other)
    {
        other.Bytes.CopyTo(Bytes, 0);
        Size = other.Size;
    }

    public void TakePages(FlatFile source, int from, int count, int to, int length)
    {
        if (to * Page.Size > Size)
        {
            ZeroTail();
        }

        source.Bytes.AsSpan(from * Page.Size, count * Page.Size).CopyTo(Bytes.AsSpan(to * Page.Size));
        Size = Math.Max(Size, (to * Page.Size) + length);
    }

    private void ZeroTail() => Bytes.AsSpan(Size, (PageCount * Page.Size) - Size).Clear();
}

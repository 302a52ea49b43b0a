using System.Text;

namespace Reflink.Studies.Traces.Streams;

// Lines of UTF-8, without their ends, in bounded memory.
internal sealed class LineReader(PeekStream stream) : IDisposable
{
    /// <summary>The longest line, in bytes.</summary>
    public const int Longest = 1 << 20;

    private char[] _line = new char[1 << 12];

    /// <summary>Whether the last line had no end, as if the file were cut within it.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Whether the last line was longer than <see cref="Longest"/>; its text is missing then.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Reads the next line; its text is good until the next.</summary>
    public bool TryRead(out ReadOnlySpan<char> line)
    {
        var next = stream.Peek(1);
        var length = next.IndexOf((byte)'\n');
        for (var known = 0; length < 0 && next.Length > known && next.Length <= Longest;)
        {
            known = next.Length;
            next = stream.Peek(known + 1);
            length = next.IndexOf((byte)'\n');
        }

        if (length < 0)
        {
            (length, IsCut) = (next.Length, IsCut || next.Length > 0);
        }

        IsTooLong = length > Longest;
        length = IsTooLong ? 0 : length;
        if (length > _line.Length)
        {
            Array.Resize(ref _line, Math.Max(length, 2 * _line.Length));
        }

        line = _line.AsSpan(0, Encoding.UTF8.GetChars(next[..length], _line));
        stream.Skip(Math.Min(length + 1, next.Length));
        return next.Length > 0;
    }

    public void Dispose() => stream.Dispose();
}

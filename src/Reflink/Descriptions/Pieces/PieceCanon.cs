using System.Buffers;
using System.Runtime.InteropServices;

namespace Reflink.Descriptions.Pieces;

/// <summary>
/// Gives pieces the one form that equal changes have. Copies that continue each other are one. What lies between two copies is
/// one string of literal bytes, whatever edits it came from, and only its bytes decide how it is cut.
/// <code>
///   a stretch of zeroes                 whole pages of the result in it are a hole
///   a stretch of 16 equal bytes or more a fill
///   the rest                            data
/// </code>
/// The last page is whole if the stretch reaches the end of the file.
/// </summary>
internal sealed class PieceCanon(long size)
{
    /// <summary>From how many equal bytes on a stretch is a piece of its own.</summary>
    public const int MinFill = 16;

    private readonly List<RawPiece> _pieces = [];
    private readonly ArrayBufferWriter<byte> _pool = new();

    // Literal bytes that are not a piece yet: data from an offset in the pool, and behind it a stretch of one byte.
    private int _dataStart;
    private byte _value;
    private long _run;
    private long _at;

    /// <summary>The pieces that were added, in canonical form.</summary>
    public RawPiece[] Finish(out byte[] pool)
    {
        FlushLiteral();
        pool = _pool.WrittenSpan.ToArray();
        return [.. _pieces];
    }

    /// <summary>Adds the next piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="pool">Where the bytes of data are.</param>
    public void Add(in RawPiece piece, ReadOnlySpan<byte> pool)
    {
        switch (piece.Kind)
        {
            case ChangePieceKind.Copy:
                AddCopy(piece);
                break;
            case ChangePieceKind.Data:
                AddData(pool.Slice((int)piece.Offset, (int)piece.Length));
                break;
            case ChangePieceKind.Fill:
                AddRun((byte)piece.Offset, piece.Length);
                break;
            default:
                AddRun(0, piece.Length);
                break;
        }

        if (_pieces.Count > DescriptionLimits.MaxPieces || _pool.WrittenCount > DescriptionLimits.MaxLiteralBytes)
        {
            throw new ReflinkException(
                Errno.E2BIG, $"a description has at most {DescriptionLimits.MaxPieces} pieces and {DescriptionLimits.MaxLiteralBytes} literal bytes; make the file by writing to a clone instead");
        }
    }

    private void AddCopy(in RawPiece piece)
    {
        if (piece.Length == 0)
        {
            return;
        }

        FlushLiteral();
        if (_pieces.Count > 0 && _pieces[^1].IsContinuedBy(piece))
        {
            _pieces[^1] = _pieces[^1] with { Length = _pieces[^1].Length + piece.Length };
        }
        else
        {
            _pieces.Add(piece);
        }

        _at += piece.Length;
    }

    private void AddData(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var same = bytes.IndexOfAnyExcept(_run > 0 ? _value : bytes[0]);
            same = same < 0 ? bytes.Length : same;
            if (same > 0)
            {
                AddRun(_run > 0 ? _value : bytes[0], same);
                bytes = bytes[same..];
                continue;
            }

            // A stretch of another byte: all up to the next long stretch is data, but its last bytes may belong to one.
            var plain = PlainPrefix(bytes);
            if (plain > 1)
            {
                CloseRun();
                var last = bytes[plain - 1];
                var tail = plain - 1;
                while (tail > 0 && bytes[tail - 1] == last)
                {
                    tail--;
                }

                _pool.Write(bytes[..tail]);
                _at += tail;
                bytes = bytes[tail..];
            }
            else
            {
                CloseRun();
            }
        }
    }

    // How many bytes from the first on hold no stretch that is long enough to count. A stretch of 16 has an aligned word of equal bytes.
    private static int PlainPrefix(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            if (word == unchecked((byte)word * 0x0101010101010101UL))
            {
                return Math.Max(1, i * sizeof(ulong));
            }
        }

        return bytes.Length;
    }

    private void AddRun(byte value, long length)
    {
        if (_run > 0 && _value != value)
        {
            CloseRun();
        }

        (_value, _run) = (value, _run + length);
        _at += length;
    }

    // A stretch ends: it is data, a fill, or, of zeroes, a hole with something at its sides.
    private void CloseRun()
    {
        if (_run == 0)
        {
            return;
        }

        var (start, end) = (_at - _run, _at);
        _run = 0;
        if (_value != 0)
        {
            AddStretch(_value, end - start);
            return;
        }

        var from = (start + Page.Size - 1) & ~(long)(Page.Size - 1);
        var to = end == size ? end : end & ~(long)(Page.Size - 1);
        if (from >= to)
        {
            AddStretch(0, end - start);
            return;
        }

        AddStretch(0, from - start);
        FlushData();
        _pieces.Add(RawPiece.Hole(to - from));
        AddStretch(0, end - to);
    }

    private void AddStretch(byte value, long length)
    {
        if (length >= MinFill)
        {
            FlushData();
            _pieces.Add(RawPiece.Fill(value, length));
        }
        else if (length > 0)
        {
            _pool.GetSpan((int)length)[..(int)length].Fill(value);
            _pool.Advance((int)length);
        }
    }

    private void FlushLiteral()
    {
        CloseRun();
        FlushData();
    }

    private void FlushData()
    {
        if (_pool.WrittenCount > _dataStart)
        {
            _pieces.Add(RawPiece.Data(_dataStart, _pool.WrittenCount - _dataStart));
            _dataStart = _pool.WrittenCount;
        }
    }
}

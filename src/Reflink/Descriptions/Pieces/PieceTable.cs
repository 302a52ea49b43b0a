namespace Reflink.Descriptions.Pieces;

/// <summary>
/// The pieces of a file while it is edited, in chunks: an edit moves the pieces of one chunk and looks at the lengths of chunks
/// from the last edit on, so edits in ascending order take the same time however many there are.
/// </summary>
internal sealed class PieceTable
{
    private const int MaxChunk = 256;

    private readonly List<Chunk> _chunks = [new()];

    // Where the last edit was: the chunk, and the offset at which it begins.
    private int _at;
    private long _start;

    /// <summary>How many bytes all pieces have.</summary>
    public long Length { get; private set; }

    /// <summary>How many pieces there are.</summary>
    public int Count { get; private set; }

    /// <summary>The pieces in order.</summary>
    public IEnumerable<RawPiece> Pieces => _chunks.SelectMany(c => c.Pieces);

    /// <summary>Puts a piece at an offset; what lies behind moves on.</summary>
    public void Insert(long offset, in RawPiece piece)
    {
        if (piece.Length == 0)
        {
            return;
        }

        var index = Split(offset);
        var chunk = _chunks[_at];
        if (index > 0 && chunk.Pieces[index - 1].IsContinuedBy(piece))
        {
            chunk.Pieces[index - 1] = chunk.Pieces[index - 1] with { Length = chunk.Pieces[index - 1].Length + piece.Length };
        }
        else
        {
            chunk.Pieces.Insert(index, piece);
            Count++;
        }

        chunk.Length += piece.Length;
        Length += piece.Length;
        if (chunk.Pieces.Count > MaxChunk)
        {
            Halve(chunk);
        }
    }

    /// <summary>Takes bytes out; what lies behind moves up.</summary>
    public void Remove(long offset, long length)
    {
        while (length > 0)
        {
            var index = Split(offset);
            var chunk = _chunks[_at];
            if (index == chunk.Pieces.Count)
            {
                (_start, _at) = (_start + chunk.Length, _at + 1);
                (index, chunk) = (0, _chunks[_at]);
            }

            var piece = chunk.Pieces[index];
            var taken = Math.Min(length, piece.Length);
            if (taken == piece.Length)
            {
                chunk.Pieces.RemoveAt(index);
                Count--;
            }
            else
            {
                chunk.Pieces[index] = piece.Slice(taken, piece.Length - taken);
            }

            chunk.Length -= taken;
            Length -= taken;
            length -= taken;
            if (chunk.Pieces.Count == 0 && _chunks.Count > 1)
            {
                _chunks.RemoveAt(_at);
                if (_at == _chunks.Count)
                {
                    _at--;
                    _start -= _chunks[_at].Length;
                }
            }
        }
    }

    /// <summary>The pieces of a range, cut at its ends.</summary>
    public List<RawPiece> Slice(long offset, long length)
    {
        List<RawPiece> found = [];
        Seek(offset);
        var (chunk, start) = (_at, _start);
        for (; chunk < _chunks.Count && start < offset + length; chunk++)
        {
            foreach (var piece in _chunks[chunk].Pieces)
            {
                var (from, to) = (Math.Max(offset, start), Math.Min(offset + length, start + piece.Length));
                if (from < to)
                {
                    found.Add(piece.Slice(from - start, to - from));
                }

                start += piece.Length;
            }
        }

        return found;
    }

    // Makes a piece begin at the offset, and says which of the present chunk's pieces it is; perhaps the one behind its last.
    private int Split(long offset)
    {
        Seek(offset);
        var pieces = _chunks[_at].Pieces;

        // Most edits come behind the last one, so the search begins at the end.
        var index = pieces.Count;
        var end = _start + _chunks[_at].Length;
        while (end > offset)
        {
            var piece = pieces[--index];
            end -= piece.Length;
            if (end < offset)
            {
                pieces[index] = piece.Slice(0, offset - end);
                pieces.Insert(index + 1, piece.Slice(offset - end, piece.Length - (offset - end)));
                Count++;
                return index + 1;
            }
        }

        return index;
    }

    private void Seek(long offset)
    {
        Invariant.Check(offset >= 0 && offset <= Length);
        while (offset < _start)
        {
            _at--;
            _start -= _chunks[_at].Length;
        }

        while (offset > _start + _chunks[_at].Length)
        {
            _start += _chunks[_at].Length;
            _at++;
        }
    }

    private void Halve(Chunk chunk)
    {
        var half = chunk.Pieces.Count / 2;
        var upper = new Chunk();
        upper.Pieces.AddRange(chunk.Pieces[half..]);
        upper.Length = upper.Pieces.Sum(p => p.Length);
        chunk.Pieces.RemoveRange(half, chunk.Pieces.Count - half);
        chunk.Length -= upper.Length;
        _chunks.Insert(_at + 1, upper);
    }

    private sealed class Chunk
    {
        public List<RawPiece> Pieces { get; } = new(MaxChunk + 2);

        public long Length { get; set; }
    }
}

using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>Puts a description over another: pieces that are copied from the file below become the pieces of that file.</summary>
internal sealed class Composition(ChangeDescription above, ChangeDescription below, int file)
{
    private readonly ChangeDescription.Builder _builder = new();
    private int[] _ofBelow = [];
    private int[] _ofAbove = [];

    /// <exception cref="ReflinkException">EINVAL, E2BIG.</exception>
    public ChangeDescription Run()
    {
        if (file < 0 || file >= above.Bases.Count || above.Bases[file].Size != below.Size)
        {
            throw new ReflinkException(Errno.EINVAL, $"base {file} of the upper description is not a file of {below.Size} bytes, which is what the lower one makes");
        }

        _ofBelow = [.. below.Bases.Select(_builder.AddBase)];
        _ofAbove = [.. above.Bases.Select((b, i) => i == file ? -1 : _builder.AddBase(b))];
        for (var i = 0; i < above.Count; i++)
        {
            var piece = above[i];
            if (piece.Kind == ChangePieceKind.Copy && piece.Base == file)
            {
                AppendBelow(piece.Offset, piece.Length);
            }
            else
            {
                Append(piece, _ofAbove, 0, piece.Length);
            }
        }

        foreach (var condition in below.Preconditions)
        {
            _builder.Expect(condition with { Base = _ofBelow[condition.Base] });
        }

        foreach (var condition in above.Preconditions)
        {
            Expect(condition);
        }

        return _builder.Build();
    }

    private void AppendBelow(long offset, long length)
    {
        for (var i = length == 0 ? 0 : below.IndexOf(offset); length > 0; i++)
        {
            var piece = below[i];
            var skip = offset - piece.Start;
            var taken = Math.Min(length, piece.Length - skip);
            Append(piece, _ofBelow, skip, taken);
            (offset, length) = (offset + taken, length - taken);
        }
    }

    private void Append(in ChangePiece piece, int[] numbers, long skip, long length)
    {
        switch (piece.Kind)
        {
            case ChangePieceKind.Copy: _builder.CloneRange(numbers[piece.Base], piece.Offset + skip, length, _builder.Size); break;
            case ChangePieceKind.Data: _builder.Append(piece.Data.Span.Slice((int)skip, (int)length)); break;
            default: _builder.Fill(_builder.Size, length, piece.Value); break;
        }
    }

    // What is expected of the file below is expected of where its bytes come from; what it gives literally must be so.
    private void Expect(in Precondition condition)
    {
        if (condition.Base != file)
        {
            _builder.Expect(condition with { Base = _ofAbove[condition.Base] });
            return;
        }

        var (offset, at) = (condition.Offset, 0);
        for (var i = below.IndexOf(offset); at < condition.Length; i++)
        {
            var piece = below[i];
            var skip = offset - piece.Start;
            var length = (int)Math.Min(condition.Length - at, piece.Length - skip);
            ExpectPart(condition, piece, skip, at, length);
            (offset, at) = (offset + length, at + length);
        }
    }

    private void ExpectPart(in Precondition condition, in ChangePiece piece, long skip, int at, int length)
    {
        var isWhole = length == condition.Length;
        if (condition.Kind == PreconditionKind.Hash && !isWhole)
        {
            throw new ReflinkException(Errno.EINVAL, $"the expectation {condition} is a hash over several pieces of the description below; make the upper one with preconditions of bytes");
        }

        if (piece.Kind == ChangePieceKind.Copy)
        {
            _builder.Expect(new Precondition(
                _ofBelow[piece.Base], piece.Offset + skip, length, condition.Kind, isWhole ? condition.Expected : condition.Expected.Slice(at, length)));
            return;
        }

        var bytes = new byte[length];
        below.Result([]).Read(piece.Start + skip, bytes);
        var expected = isWhole ? condition : Precondition.Of(0, 0, condition.Expected.Span.Slice(at, length), PreconditionKind.Bytes);
        if (!expected.IsMetBy(bytes))
        {
            throw new ReflinkException(Errno.EINVAL, $"the expectation {condition} is not met by the description below, which gives other bytes at {piece.Start + skip}");
        }
    }
}

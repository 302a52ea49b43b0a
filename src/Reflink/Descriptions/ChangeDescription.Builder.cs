using System.Buffers;
using Reflink.Descriptions;
using Reflink.Descriptions.Content;
using Reflink.Descriptions.Pieces;

namespace Reflink;

/// <content>Making descriptions by edits.</content>
public sealed partial class ChangeDescription
{
    /// <summary>
    /// Makes a description by editing, one edit after the other: offsets are those of the file as the edits before left it. No base is
    /// read, so an edit takes the same time whatever the size of the file.
    /// </summary>
    public sealed class Builder
    {
        private readonly PieceTable _table = new();
        private readonly List<DescribedBase> _bases = [];
        private readonly ArrayBufferWriter<byte> _pool = new();
        private readonly PreconditionMaker _expected = new();

        /// <summary>Begins with an empty file.</summary>
        public Builder()
        {
        }

        /// <summary>Begins with a whole file, which is base 0.</summary>
        /// <exception cref="ReflinkException">EINVAL: the base has no right size, root or name.</exception>
        public Builder(DescribedBase start)
        {
            AddBase(start);
            _table.Insert(0, RawPiece.Copy(0, 0, start.Size));
        }

        /// <summary>How long the file is now.</summary>
        public long Size => _table.Length;

        /// <summary>The files that can be copied from.</summary>
        public IReadOnlyList<DescribedBase> Bases => _bases;

        /// <summary>Adds a file to copy from, and returns its number; one that is known already has its number.</summary>
        /// <exception cref="ReflinkException">EINVAL: it has no right size, root or name. E2BIG: there are <see cref="DescriptionLimits.MaxBases"/> already.</exception>
        public int AddBase(DescribedBase file)
        {
            ArgumentNullException.ThrowIfNull(file);
            if (_bases.FindIndex(file.IsSameAs) is >= 0 and var known)
            {
                return known;
            }

            if (_bases.Count == DescriptionLimits.MaxBases)
            {
                throw new ReflinkException(Errno.E2BIG, $"a description has at most {DescriptionLimits.MaxBases} bases; make it in two steps");
            }

            _bases.Add(Checked(file));
            return _bases.Count - 1;
        }

        /// <summary>Writes bytes over what is there, as write(2); the file may grow, and a gap before the bytes is a hole.</summary>
        /// <exception cref="ReflinkException">EINVAL, EFBIG, E2BIG.</exception>
        public Builder Write(long offset, ReadOnlySpan<byte> bytes)
        {
            DescriptionLimits.CheckRange(offset, bytes.Length, "a write of");
            Overwrite(offset, Literal(bytes));
            return this;
        }

        /// <summary>As <see cref="Write(long, ReadOnlySpan{byte})"/>, and the bytes that are replaced must be these.</summary>
        /// <exception cref="ReflinkException">As above; EINVAL: the old bytes do not lie in the file, or earlier edits or expectations say something else.</exception>
        public Builder Write(long offset, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> old)
        {
            DescriptionLimits.CheckRange(offset, bytes.Length, "a write of");
            CheckWithin(offset, old.Length, "old bytes of");
            Expect(offset, old);
            return Write(offset, bytes);
        }

        /// <summary>Puts bytes between others; what lies behind moves on.</summary>
        /// <exception cref="ReflinkException">EINVAL: the offset is behind the end. EFBIG, E2BIG.</exception>
        public Builder Insert(long offset, ReadOnlySpan<byte> bytes)
        {
            CheckWithin(offset, 0, "an insert at");
            DescriptionLimits.CheckRange(Size, bytes.Length, "an insert to");
            _table.Insert(offset, Literal(bytes));
            return this;
        }

        /// <summary>Takes bytes out; what lies behind moves up.</summary>
        /// <exception cref="ReflinkException">EINVAL: they do not all lie in the file.</exception>
        public Builder Delete(long offset, long length)
        {
            CheckWithin(offset, length, "a delete of");
            _table.Remove(offset, length);
            return this;
        }

        /// <summary>Cuts the file, or makes it longer by a hole, as truncate(2).</summary>
        /// <exception cref="ReflinkException">EINVAL, EFBIG.</exception>
        public Builder Truncate(long size)
        {
            DescriptionLimits.CheckRange(size, 0, "a size of");
            if (size < Size)
            {
                _table.Remove(size, Size - size);
            }
            else
            {
                _table.Insert(Size, RawPiece.Fill(0, size - Size));
            }

            return this;
        }

        /// <summary>Makes bytes zero and the file no longer (FALLOC_FL_PUNCH_HOLE).</summary>
        /// <exception cref="ReflinkException">EINVAL, EFBIG.</exception>
        public Builder Punch(long offset, long length)
        {
            DescriptionLimits.CheckRange(offset, length, "a punch of");
            return offset < Size ? Fill(offset, Math.Min(length, Size - offset), 0) : this;
        }

        /// <summary>Makes bytes zero; the file may grow (FALLOC_FL_ZERO_RANGE).</summary>
        /// <exception cref="ReflinkException">EINVAL, EFBIG.</exception>
        public Builder Zero(long offset, long length) => Fill(offset, length, 0);

        /// <summary>Writes one byte over and over; the file may grow.</summary>
        /// <exception cref="ReflinkException">EINVAL, EFBIG.</exception>
        public Builder Fill(long offset, long length, byte value)
        {
            DescriptionLimits.CheckRange(offset, length, "a fill of");
            Overwrite(offset, RawPiece.Fill(value, length));
            return this;
        }

        /// <summary>Takes whole pages out that end before the end of the file, and closes the gap (FALLOC_FL_COLLAPSE_RANGE).</summary>
        /// <exception cref="ReflinkException">EINVAL: they are not whole pages, or reach the end.</exception>
        public Builder Collapse(long offset, long length)
        {
            CheckPages(offset, length, "a collapse of");
            return offset + length < Size
                ? Delete(offset, length)
                : throw new ReflinkException(Errno.EINVAL, $"a collapse of [{offset},{offset + length}) reaches the end of the file at {Size}; truncate instead");
        }

        /// <summary>Puts whole pages of zeroes between others (FALLOC_FL_INSERT_RANGE).</summary>
        /// <exception cref="ReflinkException">EINVAL: they are not whole pages, or lie at the end. EFBIG.</exception>
        public Builder InsertHole(long offset, long length)
        {
            CheckPages(offset, length, "an insert of");
            if (offset >= Size)
            {
                throw new ReflinkException(Errno.EINVAL, $"an insert at {offset} is not before the end of the file at {Size}; truncate instead");
            }

            DescriptionLimits.CheckRange(Size, length, "an insert to");
            _table.Insert(offset, RawPiece.Fill(0, length));
            return this;
        }

        /// <summary>Writes bytes of a base over what is there; the file may grow (FICLONERANGE, of bytes and not of blocks).</summary>
        /// <param name="file">Which base.</param>
        /// <param name="from">The first byte in it.</param>
        /// <param name="length">How many bytes; they all lie in it.</param>
        /// <param name="to">Where they go.</param>
        /// <exception cref="ReflinkException">EINVAL: there is no such base, or it is shorter. EFBIG.</exception>
        public Builder CloneRange(int file, long from, long length, long to)
        {
            DescriptionLimits.CheckRange(to, length, "a clone to");
            if (file < 0 || file >= _bases.Count || from < 0 || length < 0 || from > _bases[file].Size - length)
            {
                throw new ReflinkException(
                    Errno.EINVAL, $"a copy of [{from},+{length}) from base {file}: {(file < 0 || file >= _bases.Count ? $"there are {_bases.Count} bases, from 0 on" : $"{_bases[file]} is shorter")}");
            }

            Overwrite(to, RawPiece.Copy(file, from, length));
            return this;
        }

        /// <summary>Puts bytes behind the end.</summary>
        /// <exception cref="ReflinkException">EFBIG, E2BIG.</exception>
        public Builder Append(ReadOnlySpan<byte> bytes) => Write(Size, bytes);

        /// <summary>The description in its canonical form. The builder may go on afterwards.</summary>
        /// <param name="strength">What the description is to insist on, besides old bytes that were named.</param>
        /// <param name="bases">The files, in the order of <see cref="Bases"/>; read for roots and for bytes that are replaced, and not needed for <see cref="PreconditionKind.None"/>.</param>
        /// <param name="context">How many bytes at each side of what is replaced are expected, too: more of them make re-basing surer.</param>
        /// <exception cref="ReflinkException">EINVAL: bases are missing, or contradict the old bytes that were named. E2BIG.</exception>
        public ChangeDescription Build(PreconditionKind strength = PreconditionKind.None, IReadOnlyList<ByteSource>? bases = null, int context = 0)
        {
            var canon = new PieceCanon(Size);
            foreach (var piece in _table.Pieces)
            {
                canon.Add(piece, _pool.WrittenSpan);
            }

            var pieces = canon.Finish(out var pool);
            var files = _bases.ToArray();
            if (strength != PreconditionKind.None)
            {
                RequireAll(bases, strength);
            }

            if (strength == PreconditionKind.Root)
            {
                files = [.. files.Select((f, i) => f with { Root = ContentRoot.Of(bases![i]) })];
            }

            var expected = _expected.Make(pieces, files, strength, bases, context);
            return BaseOrder.Apply(files, pieces, pool, expected);
        }

        private void RequireAll(IReadOnlyList<ByteSource>? bases, PreconditionKind strength)
        {
            if (bases?.Count != _bases.Count)
            {
                throw new ReflinkException(Errno.EINVAL, $"a description that insists on {strength} needs its {_bases.Count} bases to read; give them all, or insist on nothing");
            }
        }

        /// <summary>Expects what another description expects of a base.</summary>
        internal void Expect(in Precondition condition) => _expected.Add(condition);

        private RawPiece Literal(ReadOnlySpan<byte> bytes)
        {
            if (_pool.WrittenCount > DescriptionLimits.MaxLiteralBytes - bytes.Length)
            {
                throw new ReflinkException(Errno.E2BIG, $"a description has at most {DescriptionLimits.MaxLiteralBytes} literal bytes; write to a clone instead");
            }

            var at = _pool.WrittenCount;
            _pool.Write(bytes);
            return RawPiece.Data(at, bytes.Length);
        }

        private void Overwrite(long offset, in RawPiece piece)
        {
            if (piece.Length == 0)
            {
                return;
            }

            if (offset > Size)
            {
                Truncate(offset);
            }

            _table.Remove(offset, Math.Min(piece.Length, Size - offset));
            _table.Insert(offset, piece);
            if (_table.Count > 2 * DescriptionLimits.MaxPieces)
            {
                throw new ReflinkException(Errno.E2BIG, $"a description has at most {DescriptionLimits.MaxPieces} pieces; write to a clone instead");
            }
        }

        // What earlier edits wrote must be so now; what comes from a base must be so there.
        private void Expect(long offset, ReadOnlySpan<byte> old)
        {
            var at = 0;
            foreach (var piece in _table.Slice(offset, old.Length))
            {
                var bytes = old.Slice(at, (int)piece.Length);
                if (piece.Kind == ChangePieceKind.Copy)
                {
                    _expected.Add(piece.Base, piece.Offset, bytes);
                }
                else if (piece.Kind == ChangePieceKind.Data
                    ? !bytes.SequenceEqual(_pool.WrittenSpan.Slice((int)piece.Offset, bytes.Length))
                    : bytes.ContainsAnyExcept((byte)piece.Offset))
                {
                    throw new ReflinkException(Errno.EINVAL, $"the old bytes of [{offset},{offset + old.Length}) are not what the edits before left at {offset + at}; name those, or put the edits in another order");
                }

                at += (int)piece.Length;
            }
        }

        private void CheckWithin(long offset, long length, string what)
        {
            if (offset < 0 || length < 0 || offset > Size || length > Size - offset)
            {
                throw new ReflinkException(Errno.EINVAL, $"{what} [{offset},+{length}) does not lie in the file, which has {Size} bytes at that time");
            }
        }

        private static void CheckPages(long offset, long length, string what)
        {
            DescriptionLimits.CheckRange(offset, length, what);
            if (length == 0 || ((offset | length) & (Page.Size - 1)) != 0)
            {
                throw new ReflinkException(Errno.EINVAL, $"{what} [{offset},{offset + length}) is not of whole pages of {Page.Size} bytes; delete or insert bytes instead");
            }
        }
    }
}

using System.Security.Cryptography;
using Reflink.Descriptions;
using Reflink.Descriptions.Content;
using Reflink.Descriptions.Pieces;

namespace Reflink;

/// <summary>
/// How a file is made from others: pieces that cover its bytes without gaps, each copied from a base, given, or zero. Immutable and
/// canonical: equal changes of equal bases are equal descriptions, in whatever order the edits came.
/// </summary>
/// <remarks>
/// The shape is a piece table, as in the deltas of git's packs and in VCDIFF (RFC 3284). It is made by a <see cref="Builder"/>, by
/// <see cref="Between"/>, or read from a file (<c>DescriptionFiles</c>); <c>Volume.Derive</c> makes a file of it.
/// </remarks>
/// <example>
/// <code>
/// var changes = new ChangeDescription.Builder(new Reflink.Descriptions.DescribedBase(24_112_704, "/lib.so"))
///     .Write(0x251000, [0xcc])
///     .Insert(0x300000, "a few bytes"u8)
///     .Build();
/// </code>
/// </example>
public sealed partial class ChangeDescription
{
    private readonly RawPiece[] _pieces;
    private readonly long[] _starts;
    private readonly byte[] _pool;
    private string? _id;

    internal ChangeDescription(DescribedBase[] bases, int[] origins, RawPiece[] pieces, byte[] pool, Precondition[] preconditions)
    {
        (Bases, Origins, _pieces, _pool, Preconditions) = (bases, origins, pieces, pool, preconditions);
        _starts = new long[pieces.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            _starts[i] = Size;
            Size += pieces[i].Length;
        }
    }

    /// <summary>The files that are copied from, in the order in which the pieces name them first.</summary>
    public IReadOnlyList<DescribedBase> Bases { get; }

    /// <summary>
    /// Which number each base had in the builder or the file that the description comes from: bases that nothing is copied from are dropped, and
    /// the others are put in order.
    /// </summary>
    public IReadOnlyList<int> Origins { get; }

    /// <summary>The length of the file that is made, in bytes.</summary>
    public long Size { get; }

    /// <summary>How many pieces there are.</summary>
    public int Count => _pieces.Length;

    /// <summary>How many bytes are given, and not copied or filled.</summary>
    public int LiteralBytes => _pool.Length;

    /// <summary>What the bases must hold; in the order of bases and offsets, without overlaps.</summary>
    public IReadOnlyList<Precondition> Preconditions { get; }

    /// <summary>
    /// SHA-256 of the canonical bytes, in hexadecimal: of the pieces, of the sizes and roots of the bases, and of the preconditions. Names
    /// of bases are no part of it.
    /// </summary>
    public string Id => _id ??= Convert.ToHexStringLower(SHA256.HashData(CanonicalBytes.Of(this).Bytes));

    /// <summary>The piece of that number, in the order of the result's bytes.</summary>
    public ChangePiece this[int index]
    {
        get
        {
            ref readonly var piece = ref _pieces[index];
            var data = piece.Kind == ChangePieceKind.Data ? _pool.AsMemory((int)piece.Offset, (int)piece.Length) : default;
            return new(
                _starts[index], piece.Length, piece.Kind, piece.Base, piece.Kind == ChangePieceKind.Copy ? piece.Offset : 0, data,
                piece.Kind == ChangePieceKind.Fill ? (byte)piece.Offset : (byte)0);
        }
    }

    /// <summary>The pieces as they are stored.</summary>
    internal ReadOnlySpan<RawPiece> Raw => _pieces;

    /// <summary>The bytes of all data pieces, one behind the other.</summary>
    internal ReadOnlySpan<byte> Pool => _pool;

    /// <summary>The number of the piece that holds a byte of the result.</summary>
    public int IndexOf(long offset)
    {
        Invariant.Check(offset >= 0 && offset < Size);
        var found = Array.BinarySearch(_starts, offset);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>Refuses bases that are not the ones that the description was made for.</summary>
    /// <param name="bases">The files, in the order of <see cref="Bases"/>.</param>
    /// <param name="progress">Told how many bytes of a base were hashed, where its root must be checked.</param>
    /// <exception cref="BaseMismatchException">ESTALE: the first thing that differs, with the base and the offset.</exception>
    public void Check(IReadOnlyList<ByteSource> bases, IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(bases);
        new PreconditionChecker(this).Check(bases, progress);
    }

    /// <summary>Makes the bytes of the result.</summary>
    /// <param name="bases">The files, in the order of <see cref="Bases"/>; they are not checked (<see cref="Check"/>).</param>
    public ByteSource Result(IReadOnlyList<ByteSource> bases)
    {
        ArgumentNullException.ThrowIfNull(bases);
        return new DescribedSource(this, bases);
    }

    /// <summary>The same changes of the same bases, which are found at other names.</summary>
    public ChangeDescription WithNames(IReadOnlyList<string?> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return new([.. Bases.Select((b, i) => Checked(b with { Name = names[i] }))], [.. Origins], _pieces, _pool, [.. Preconditions]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Size} bytes in {Count} {(Count == 1 ? "piece" : "pieces")}, {LiteralBytes} of them given ({Id[..12]})";

    internal static DescribedBase Checked(DescribedBase file) =>
        file.Problem() is { } problem ? throw new ReflinkException(Errno.EINVAL, problem) : file;
}

using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions.Formats;

/// <summary>
/// What a file of any format says, step by step: bases, then pieces, then edits, then expectations. Pieces alone must be canonical; edits
/// are put in canonical form. Edits without pieces before them edit the whole of the first base.
/// </summary>
internal sealed class DescriptionScript(string source)
{
    private readonly List<DescribedBase> _bases = [];
    private readonly List<(EditForm Form, long[] Numbers, int Bytes)> _pieces = [];
    private ChangeDescription.Builder? _builder;
    private bool _isEdited;

    /// <summary>How many bases there are so far.</summary>
    public int BaseCount => _bases.Count;

    /// <summary>How long the file is now.</summary>
    public long Size => _builder?.Size ?? 0;

    /// <summary>Whether nothing is edited, so that a description without pieces makes an empty file.</summary>
    public bool IsOfPieces { get; set; }

    /// <summary>Adds a base.</summary>
    /// <exception cref="ReflinkException">EINVAL, E2BIG.</exception>
    public void AddBase(DescribedBase file)
    {
        if (_builder is not null)
        {
            throw Failure("a base behind the first piece or edit; name all bases first");
        }

        _bases.Add(ChangeDescription.Checked(file));
    }

    /// <summary>Does a piece or an edit.</summary>
    /// <exception cref="ReflinkException">EINVAL, E2BIG, EFBIG.</exception>
    public void Apply(EditForm form, long[] numbers, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> old)
    {
        if (form.IsPiece && _isEdited)
        {
            throw Failure($"the piece '{form.Name}' stands behind an edit; pieces come first");
        }

        _builder ??= Begin(form);
        form.Apply(_builder, numbers, bytes.ToArray(), old.ToArray());
        _isEdited |= !form.IsPiece;
        if (form.IsPiece)
        {
            _pieces.Add((form, numbers, bytes.Length));
        }
    }

    /// <summary>Expects something of a base.</summary>
    /// <exception cref="ReflinkException">EINVAL.</exception>
    public void Expect(int file, long offset, long length, PreconditionKind kind, ReadOnlySpan<byte> expected)
    {
        if (file < 0 || file >= _bases.Count || offset < 0 || length <= 0 || length > PreconditionMaker.MaxRange || offset > _bases[file].Size - length)
        {
            throw Failure($"an expectation of [{offset},+{length}) in base {file} does not lie in it, is empty, or is longer than {PreconditionMaker.MaxRange} bytes");
        }

        if (kind is not (PreconditionKind.Bytes or PreconditionKind.Hash) || expected.Length != (kind == PreconditionKind.Bytes ? length : Precondition.HashBytes))
        {
            throw Failure($"an expectation has {expected.Length} bytes; it is {length} bytes, or a hash of {Precondition.HashBytes}");
        }

        _builder ??= Begin(null);
        _builder.Expect(new Precondition(file, offset, length, kind, expected.ToArray()));
    }

    /// <summary>The description.</summary>
    /// <exception cref="ReflinkException">EINVAL: pieces are not canonical; as for <see cref="ChangeDescription.Builder.Build"/>.</exception>
    public ChangeDescription Finish()
    {
        _builder ??= Begin(null);
        var description = _builder.Build();
        if (!_isEdited && (_pieces.Count > 0 || IsOfPieces))
        {
            CheckCanonical(description);
        }

        return description;
    }

    // Without pieces the whole of the first base is edited.
    private ChangeDescription.Builder Begin(EditForm? first)
    {
        var builder = IsOfPieces || first is { IsPiece: true } || _bases.Count == 0 ? new ChangeDescription.Builder() : new ChangeDescription.Builder(_bases[0]);
        foreach (var file in _bases.Skip(builder.Bases.Count))
        {
            var known = builder.Bases.Count;
            if (builder.AddBase(file) < known)
            {
                throw Failure($"the base {file} is named twice; name it once");
            }
        }

        return builder;
    }

    private void CheckCanonical(ChangeDescription description)
    {
        if (!description.Bases.SequenceEqual(_bases))
        {
            throw Failure("the bases are not in the order in which pieces name them first, or one is not used");
        }

        var at = 0L;
        for (var i = 0; i < Math.Max(description.Count, _pieces.Count); i++)
        {
            if (i >= description.Count || i >= _pieces.Count || !IsSame(description[i], _pieces[i]))
            {
                throw Failure($"the pieces are not canonical: piece {i}, at byte {at}, should be {(i < description.Count ? description[i].ToString() : "part of the one before")}; say it by edits (write, append, fill-at …), which are put in canonical form");
            }

            at = description[i].End;
        }
    }

    private static bool IsSame(in ChangePiece piece, (EditForm Form, long[] Numbers, int Bytes) given) => piece.Kind switch
    {
        ChangePieceKind.Copy => given.Form == EditForm.Copy && given.Numbers.AsSpan().SequenceEqual([piece.Base, piece.Offset, piece.Length]),
        ChangePieceKind.Data => given.Form == EditForm.Data && given.Bytes == piece.Length,
        ChangePieceKind.Fill => given.Form == EditForm.Fill && given.Numbers.AsSpan().SequenceEqual([piece.Value, piece.Length]),
        _ => given.Form == EditForm.Hole && given.Numbers[0] == piece.Length,
    };

    private ReflinkException Failure(string problem) => new(Errno.EINVAL, $"{source}: {problem}");
}

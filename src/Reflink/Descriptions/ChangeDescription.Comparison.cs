using Reflink.Descriptions;
using Reflink.Descriptions.Content;
using Reflink.Descriptions.Pieces;

namespace Reflink;

/// <content>Descriptions of real files, and of other descriptions.</content>
public sealed partial class ChangeDescription
{
    /// <summary>How one file is made from another: what both have in common is copied, wherever it stands.</summary>
    /// <param name="from">The file to copy from.</param>
    /// <param name="to">The file to be described.</param>
    /// <param name="strength">What the description insists on.</param>
    /// <param name="name">Where the first file is found.</param>
    /// <param name="context">As for <see cref="Builder.Build"/>.</param>
    /// <param name="progress">Told how many bytes of the second file are done.</param>
    /// <exception cref="ReflinkException">EFBIG: a file is larger than <see cref="DescriptionLimits.MaxCompared"/>. E2BIG: there are too many pieces.</exception>
    public static ChangeDescription Between(
        ByteSource from, ByteSource to, PreconditionKind strength = PreconditionKind.None, string? name = null, int context = 0, IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return Found([new DescribedBase(from.Length, name)], [from], to, progress).Build(strength, [from], context);
    }

    /// <summary>
    /// The form that depends only on the bytes of the bases and of the result: equal results of equal bases are equal descriptions, whatever
    /// edits made them. All bytes are read.
    /// </summary>
    /// <param name="bases">The files, in the order of <see cref="Bases"/>.</param>
    /// <exception cref="ReflinkException">As for <see cref="Between"/>.</exception>
    public ChangeDescription Normalize(IReadOnlyList<ByteSource> bases)
    {
        ArgumentNullException.ThrowIfNull(bases);
        var builder = Found(Bases, bases, Result(bases), null);
        foreach (var condition in Preconditions)
        {
            builder.Expect(condition);
        }

        return builder.Build();
    }

    /// <summary>
    /// The same changes made to another version of base 0, in which other bytes have changed or moved. Every range that this description
    /// expects something of is searched for; <see cref="PreconditionKind.Hash"/> with some context finds most.
    /// </summary>
    /// <param name="file">The other version.</param>
    /// <exception cref="ReflinkException">EINVAL: the place where that is not safe, and why. EFBIG.</exception>
    public ChangeDescription Rebase(ByteSource file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Bases.Count == 0 ? this : new Rebaser(this, file).Run();
    }

    /// <summary>
    /// What this description makes of a file that another one describes, as one description of that one's bases. No base is read, and
    /// there is no chain: the pieces that are copied from the file below are cut out of its pieces.
    /// </summary>
    /// <param name="below">Describes the file.</param>
    /// <param name="file">Which of this description's bases it is.</param>
    /// <exception cref="ReflinkException">EINVAL: it has another size; or a hash is expected of bytes that do not come from one place. E2BIG.</exception>
    public ChangeDescription Over(ChangeDescription below, int file = 0)
    {
        ArgumentNullException.ThrowIfNull(below);
        return new Composition(this, below, file).Run();
    }

    private static Builder Found(IReadOnlyList<DescribedBase> bases, IReadOnlyList<ByteSource> sources, ByteSource to, IProgress<long>? progress)
    {
        var builder = new Builder();
        foreach (var file in bases)
        {
            builder.AddBase(file);
        }

        new DeltaFinder([.. sources.Select(s => s.ReadAll(null))], to.ReadAll(null), builder).Run(progress);
        return builder;
    }
}

using Reflink.Descriptions.Content;

namespace Reflink.Descriptions;

/// <summary>Compares bases with what a description expects of them: sizes first, then ranges, then roots, which take longest.</summary>
internal sealed class PreconditionChecker(ChangeDescription description)
{
    /// <exception cref="BaseMismatchException">ESTALE: the first thing that differs.</exception>
    public void Check(IReadOnlyList<ByteSource> bases, IProgress<long>? progress)
    {
        if (bases.Count != description.Bases.Count)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"the description has {description.Bases.Count} bases and {bases.Count} files were named; name one file for each base, in their order");
        }

        for (var i = 0; i < bases.Count; i++)
        {
            if (bases[i].Length != description.Bases[i].Size)
            {
                throw new BaseMismatchException(
                    i, null, $"base {i}, {description.Bases[i]}, now has {bases[i].Length} bytes; name the version that the description was made for, or make the description anew");
            }
        }

        CheckRanges(bases);
        for (var i = 0; i < bases.Count; i++)
        {
            if (description.Bases[i].Root is { } root && ContentRoot.Of(bases[i], progress) is var found && found != root)
            {
                throw new BaseMismatchException(
                    i, null, $"base {i}, {description.Bases[i]}, has other bytes: its root is {found[..12]}…; name the version that the description was made for, or make the description anew");
            }
        }
    }

    private void CheckRanges(IReadOnlyList<ByteSource> bases)
    {
        var buffer = Array.Empty<byte>();
        foreach (var condition in description.Preconditions)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length, (int)condition.Length));
            var bytes = buffer.AsSpan(0, (int)condition.Length);
            bases[condition.Base].Read(condition.Offset, bytes);
            if (!condition.IsMetBy(bytes))
            {
                throw Mismatch(condition, bytes);
            }
        }
    }

    private BaseMismatchException Mismatch(in Precondition condition, ReadOnlySpan<byte> bytes)
    {
        var file = $"base {condition.Base}, {description.Bases[condition.Base]},";
        if (condition.Kind == PreconditionKind.Hash)
        {
            return new(
                condition.Base, condition.Offset,
                $"{file} has other bytes in [{condition.Offset},{condition.End}); name the version that the description was made for, or re-base the description");
        }

        var at = bytes.CommonPrefixLength(condition.Expected.Span);
        return new(
            condition.Base, condition.Offset + at,
            $"{file} has {bytes[at]:x2} at {condition.Offset + at} (0x{condition.Offset + at:x}), where {condition.Expected.Span[at]:x2} was expected; name the version that the description was made for, or re-base the description");
    }
}

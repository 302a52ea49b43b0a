using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>Puts bases in the order in which pieces name them first, those that only preconditions name behind, and drops the others, unless something is expected of them.</summary>
internal static class BaseOrder
{
    /// <summary>The description with its bases in order.</summary>
    public static ChangeDescription Apply(IReadOnlyList<DescribedBase> bases, RawPiece[] pieces, byte[] pool, IReadOnlyList<Precondition> expected)
    {
        List<DescribedBase> order = [];
        List<int> origins = [];
        var numbers = new int[bases.Count];
        Array.Fill(numbers, -1);
        for (var i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Kind == ChangePieceKind.Copy)
            {
                pieces[i] = pieces[i] with { Base = NumberOf(pieces[i].Base) };
            }
        }

        // A root is a precondition, too.
        Precondition[] conditions = [.. expected.Select(p => p with { Base = NumberOf(p.Base) }).OrderBy(p => p.Base).ThenBy(p => p.Offset)];
        for (var i = 0; i < bases.Count; i++)
        {
            _ = bases[i].Root is null ? -1 : NumberOf(i);
        }

        return new([.. order], [.. origins], pieces, pool, conditions);

        int NumberOf(int file)
        {
            if (numbers[file] < 0)
            {
                numbers[file] = order.Count;
                order.Add(bases[file]);
                origins.Add(file);
            }

            return numbers[file];
        }
    }
}

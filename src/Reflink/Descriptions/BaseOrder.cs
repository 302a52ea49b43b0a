using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>Puts bases in the order in which pieces name them first, those that only preconditions name behind, and drops the others.</summary>
internal static class BaseOrder
{
    /// <summary>The description with its bases in order.</summary>
    public static ChangeDescription Apply(IReadOnlyList<DescribedBase> bases, RawPiece[] pieces, byte[] pool, IReadOnlyList<Precondition> expected)
    {
        List<DescribedBase> order = [];
        var numbers = new int[bases.Count];
        Array.Fill(numbers, -1);
        for (var i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Kind == ChangePieceKind.Copy)
            {
                pieces[i] = pieces[i] with { Base = NumberOf(pieces[i].Base) };
            }
        }

        Precondition[] conditions = [.. expected.Select(p => p with { Base = NumberOf(p.Base) }).OrderBy(p => p.Base).ThenBy(p => p.Offset)];
        return new([.. order], pieces, pool, conditions);

        int NumberOf(int file)
        {
            if (numbers[file] < 0)
            {
                numbers[file] = order.Count;
                order.Add(bases[file]);
            }

            return numbers[file];
        }
    }
}

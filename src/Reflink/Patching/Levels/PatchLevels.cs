using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>
/// What lies over the file in a mapping, from the bottom up: the sets of its user's overlay, then those that were poked into
/// it. It hangs on the mapping, is inherited by fork and dropped by exec. Immutable; parts of a split mapping have the same one.
/// <code>
///   file ← overlay sets (level 0) ← poked sets ← private copies
/// </code>
/// A level is edits, not pages: its old bytes are what the levels below it show. An entry whose old bytes do not show because a
/// level below has it too counts for both and is applied once: it goes with the last of them.
/// </summary>
public sealed class PatchLevels : IMappingLevels
{
    private readonly IReadOnlyList<PatchSet> _sets;
    private readonly PatchSet?[] _own;
    private PatchSet? _fold;
    private string? _description;

    private PatchLevels(IReadOnlyList<PatchSet> sets, int overlays) =>
        (_sets, _own, OverlayCount) = (sets, new PatchSet?[sets.Count], overlays);

    /// <summary>All sets, from the bottom up.</summary>
    public IReadOnlyList<PatchSet> Sets => _sets;

    /// <summary>How many of them, at the bottom, are the user's overlay.</summary>
    public int OverlayCount { get; }

    /// <summary>No level: the file shows.</summary>
    internal static PatchLevels None { get; } = new([], 0);

    /// <summary>Whether the file shows.</summary>
    internal bool IsEmpty => _sets.Count == 0;

    /// <summary>What all levels change together; its old bytes are the file's.</summary>
    internal PatchSet Fold => _fold ??= FoldBelow(_sets.Count);

    /// <summary>The same for the same sets in the same order.</summary>
    internal string Description => _description ??= string.Join('+', _sets.Select(s => s.Id));

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join("; ", _sets.Select((s, i) => i < OverlayCount ? $"overlay of {s}" : s.ToString()));

    /// <summary>Those of a mapping.</summary>
    internal static PatchLevels Of(IMappingLevels? levels) => levels as PatchLevels ?? None;

    /// <summary>The number of the poked set that equals <paramref name="set"/>, or -1.</summary>
    internal int IndexOf(PatchSet set)
    {
        for (var i = _sets.Count - 1; i >= OverlayCount; i--)
        {
            if (_sets[i].Id == set.Id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>With a set on top.</summary>
    internal PatchLevels Push(PatchSet set) => new([.. _sets, set], OverlayCount);

    /// <summary>Without the set of that number.</summary>
    internal PatchLevels Without(int index) => new([.. _sets.Where((_, i) => i != index)], OverlayCount);

    /// <summary>With another set in the place of the one of that number.</summary>
    internal PatchLevels With(int index, PatchSet set) => new([.. _sets.Select((s, i) => i == index ? set : s)], OverlayCount);

    /// <summary>With another overlay at the bottom.</summary>
    internal PatchLevels WithOverlay(IReadOnlyList<PatchSet> overlay) => new([.. overlay, .. _sets.Skip(OverlayCount)], overlay.Count);

    /// <summary>What the levels below that number change together.</summary>
    internal PatchSet FoldBelow(int index)
    {
        var fold = PatchSet.Empty;
        for (var i = 0; i < index; i++)
        {
            fold = PatchFold.Over(fold, Own(i));
        }

        return fold;
    }

    /// <summary>Whether a level below that number has the same entry, and has not been undone by one between.</summary>
    internal bool IsCounted(int index, PatchEntry entry)
    {
        for (var below = 0; below < index; below++)
        {
            if (_sets[below].Has(entry))
            {
                // The lowest that has it changes the bytes; those above may change them again.
                var shown = entry.New.ToArray();
                for (var above = below + 1; above < index; above++)
                {
                    Own(above).WriteOver(entry.Offset, shown);
                }

                return !entry.Old.SequenceEqual(shown);
            }
        }

        return false;
    }

    /// <summary>The first set below that number with an entry that reaches into another one's bytes; null if there is none.</summary>
    internal PatchSet? Overlapped(int index, PatchEntry entry, out int at)
    {
        for (var below = index - 1; below >= 0; below--)
        {
            at = _sets[below].FirstBehind(entry.Offset);
            if (at < _sets[below].Count && _sets[below].Offset(at) < entry.End)
            {
                return _sets[below];
            }
        }

        at = -1;
        return null;
    }

    // What the level itself changes: its entries less those that a level below has already.
    private PatchSet Own(int index) => _own[index] ??= NotCounted(_sets[index], index);

    private PatchSet NotCounted(PatchSet set, int index)
    {
        var counted = 0;
        for (var i = 0; i < set.Count && index > 0; i++)
        {
            counted += IsCounted(index, set[i]) ? 1 : 0;
        }

        if (counted == 0)
        {
            return set;
        }

        var rest = new PatchSetBuilder(set.Target);
        for (var i = 0; i < set.Count; i++)
        {
            if (!IsCounted(index, set[i]))
            {
                rest.Add(set.Offset(i), set.Old(i), set.New(i), set.Name(i));
            }
        }

        return rest.Build();
    }
}

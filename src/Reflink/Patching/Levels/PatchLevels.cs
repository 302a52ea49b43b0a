using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>
/// The levels that lie over the file in a mapping, from the bottom up: the sets of its user's overlay, then the sets that were poked
/// into it. The mapping refers to them; fork copies the reference, exec drops it. Immutable; parts of a split mapping share them.
/// <code>
///   file ← overlay sets (level 0) ← poked sets ← private copies
/// </code>
/// The old bytes of a level are what the levels below it show. A level may have a duplicate, an entry that a level below has too, so that
/// its old bytes do not show: it is applied once, and is reverted with the last level that has it.
/// </summary>
internal sealed class PatchLevels : IMappingLevels
{
    private readonly IReadOnlyList<PatchSet> _sets;
    private PatchSet?[] _effective;
    private PatchSet? _fold;
    private string? _description;

    // What these levels were pushed on; null if that is not known, or not needed any more.
    private PatchLevels? _below;

    private PatchLevels(IReadOnlyList<PatchSet> sets, int overlays) =>
        (_sets, _effective, OverlayCount) = (sets, new PatchSet?[sets.Count], overlays);

    /// <summary>All sets, from the bottom up.</summary>
    public IReadOnlyList<PatchSet> Sets => _sets;

    /// <summary>How many of the sets, from the bottom, belong to the user's overlay.</summary>
    public int OverlayCount { get; }

    /// <summary>The levels of a mapping that shows its file.</summary>
    internal static PatchLevels None { get; } = new([], 0);

    /// <summary>Whether there is no level, so that the file shows.</summary>
    internal bool IsEmpty => _sets.Count == 0;

    /// <summary>The change that all levels make together; its old bytes are those of the file.</summary>
    internal PatchSet Fold => _fold ??= IsEmpty ? PatchSet.Empty : PatchFold.Over(FoldBelow(_sets.Count - 1), Effective(_sets.Count - 1));

    /// <summary>A text that is equal for equal sets in equal order.</summary>
    internal string Description => _description ??= string.Join('+', _sets.Select(s => s.Id));

    /// <summary>Whether the same sets lie in the same order. No <c>Equals</c>: an object stands for the parts of one mapping.</summary>
    internal bool HasSameSetsAs(PatchLevels other) => ReferenceEquals(this, other) || Description == other.Description;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join("; ", _sets.Select((s, i) => i < OverlayCount ? $"overlay of {s}" : s.ToString()));

    /// <summary>The levels of a mapping.</summary>
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

    /// <summary>These levels with a set on top.</summary>
    internal PatchLevels Push(PatchSet set)
    {
        var pushed = new PatchLevels([.. _sets, set], OverlayCount) { _below = this };
        _effective.CopyTo(pushed._effective, 0);

        // The levels below must be folded before a set is laid over them, and then need no others: there is no chain that grows.
        _ = Fold;
        _below = null;
        return pushed;
    }

    /// <summary>These levels without the set of that number.</summary>
    internal PatchLevels Without(int index)
    {
        var rest = new PatchLevels([.. _sets.Where((_, i) => i != index)], OverlayCount);
        if (index == _sets.Count - 1 && _below is { } below)
        {
            rest.Adopt(below);
        }

        return rest;
    }

    /// <summary>These levels with another set in the place of the one of that number.</summary>
    internal PatchLevels With(int index, PatchSet set) => new([.. _sets.Select((s, i) => i == index ? set : s)], OverlayCount);

    /// <summary>These levels with another overlay at the bottom.</summary>
    internal PatchLevels WithOverlay(IReadOnlyList<PatchSet> overlay) => new([.. overlay, .. _sets.Skip(OverlayCount)], overlay.Count);

    /// <summary>Takes over what equal levels have found out of themselves.</summary>
    internal void Adopt(PatchLevels equal)
    {
        _fold ??= equal.Fold;
        (_effective, _below) = (equal._effective, equal._below);
    }

    /// <summary>The change that the levels below that number make together.</summary>
    internal PatchSet FoldBelow(int index)
    {
        if (index == _sets.Count - 1 && _below is { } below)
        {
            return below.Fold;
        }

        var fold = PatchSet.Empty;
        for (var i = 0; i < index; i++)
        {
            fold = PatchFold.Over(fold, Effective(i));
        }

        return fold;
    }

    /// <summary>Whether a level below that number has the same entry, and no level between has undone it.</summary>
    internal bool IsDuplicate(int index, PatchEntry entry)
    {
        for (var below = 0; below < index; below++)
        {
            if (_sets[below].Has(entry))
            {
                // The lowest level that has the entry changes the bytes; levels above it may change them again.
                var shown = entry.New.ToArray();
                for (var above = below + 1; above < index; above++)
                {
                    Effective(above).WriteOver(entry.Offset, shown);
                }

                return !entry.Old.SequenceEqual(shown);
            }
        }

        return false;
    }

    /// <summary>The topmost set below that number with an entry that overlaps the given one; null if there is none.</summary>
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

    // What a level itself changes: its entries without duplicates.
    private PatchSet Effective(int index) => _effective[index] ??= WithoutDuplicates(_sets[index], index);

    private PatchSet WithoutDuplicates(PatchSet set, int index)
    {
        var duplicates = 0;
        for (var i = 0; i < set.Count && index > 0; i++)
        {
            duplicates += IsDuplicate(index, set[i]) ? 1 : 0;
        }

        if (duplicates == 0)
        {
            return set;
        }

        var rest = new PatchSetBuilder(set.Target);
        for (var i = 0; i < set.Count; i++)
        {
            if (!IsDuplicate(index, set[i]))
            {
                rest.Add(set.Offset(i), set.Old(i), set.New(i), set.Name(i));
            }
        }

        return rest.Build();
    }
}

namespace Reflink.Tests.Exercising;

/// <summary>
/// What lies over a file in a mapping, as the oracle sees it: a byte copy of the file as it was then, and the sets over it, those
/// of an overlay first. One object a mapping: its parts have the same one.
/// </summary>
internal sealed class FlatLevels(FlatFile root, IReadOnlyList<PatchSet> overlay, IReadOnlyList<PatchSet> poked)
{
    public FlatFile Root { get; } = root;

    public IReadOnlyList<PatchSet> Overlay { get; } = overlay;

    public IReadOnlyList<PatchSet> Poked { get; } = poked;

    /// <summary>The file with all levels over it.</summary>
    public FlatFile Copy { get; } = Fold(root, [.. overlay, .. poked]);

    public bool IsEmpty => Overlay.Count + Poked.Count == 0;

    /// <summary>The lowest level whose old bytes are not there; -1 if all fit.</summary>
    public int FirstMisfit
    {
        get
        {
            PatchSet[] all = [.. Overlay, .. Poked];
            return Enumerable.Range(0, all.Length).FirstOrDefault(i => !Fits(Fold(Root, all[..i]), all, i), -1);
        }
    }

    public bool HasMisfitFrom(int level)
    {
        PatchSet[] all = [.. Overlay, .. Poked];
        return Enumerable.Range(level, all.Length - level).Any(i => !Fits(Fold(Root, all[..i]), all, i));
    }

    /// <summary>Whether the levels together change the byte at an offset, or have an entry there.</summary>
    public bool Covers(int offset) => Copy.Bytes[offset] != Root.Bytes[offset];

    public FlatLevels With(IReadOnlyList<PatchSet> poked) => new(Root, Overlay, poked);

    public FlatLevels WithOverlay(IReadOnlyList<PatchSet> overlay) => new(Root, overlay, Poked);

    private static FlatFile Fold(FlatFile root, PatchSet[] all)
    {
        var copy = root.Copy();
        for (var level = 0; level < all.Length; level++)
        {
            for (var i = 0; i < all[level].Count; i++)
            {
                if (!IsBelow(all, level, i) || Shows(copy, all[level], i))
                {
                    all[level].New(i).CopyTo(copy.Bytes.AsSpan((int)all[level].Offset(i)));
                }
            }
        }

        return copy;
    }

    private static bool Fits(FlatFile below, PatchSet[] all, int level) => Enumerable.Range(0, all[level].Count).All(i =>
        all[level][i].End <= below.Size
        && (IsBelow(all, level, i) || Shows(below, all[level], i)));

    private static bool Shows(FlatFile below, PatchSet set, int index) =>
        below.Bytes.AsSpan((int)set.Offset(index), set.Old(index).Length).SequenceEqual(set.Old(index));

    // The same entry in a level below counts for both, unless one between has undone it.
    private static bool IsBelow(PatchSet[] all, int level, int index) => all.Take(level).Any(set =>
        Enumerable.Range(0, set.Count).Any(i => set.Offset(i) == all[level].Offset(index)
            && set.Old(i).SequenceEqual(all[level].Old(index)) && set.New(i).SequenceEqual(all[level].New(index))));
}

namespace Reflink.Patching.Sets;

/// <summary>Makes the canonical form out of sorted entries: folds, refuses overlaps, leaves out what changes nothing.</summary>
/// <remarks>
/// Overlaps are refused before entries without effect are dropped: such an entry still claims what the file holds, and a set that
/// contradicts itself should not depend on which of its claims has an effect. Dropped they are, because an effect of nothing
/// would otherwise give equal results different identities.
/// </remarks>
internal sealed class PatchSetCanon(string source, PatchTarget target, string? label, PatchSetCanon.EntryAt entryAt, int bytes)
{
    /// <summary>The entry that was added as that number.</summary>
    internal delegate PatchEntry EntryAt(int index);

    internal PatchSet Make(int[] order)
    {
        var made = new PatchSetAppender(target, label, order.Length, bytes);
        for (var i = 0; i < order.Length; i++)
        {
            var entry = entryAt(order[i]);
            var isDuplicate = i > 0 && CheckAgainst(entryAt(order[i - 1]), entry);
            CheckEnd(entry);
            if (!isDuplicate && !entry.Old.SequenceEqual(entry.New))
            {
                made.Add(entry.Offset, entry.Old, entry.New, entry.Name);
            }
        }

        return made.Build();
    }

    /// <summary>Whether the entry repeats the one before it. Of the names of equal entries the first in ordinal order stays.</summary>
    private bool CheckAgainst(PatchEntry before, PatchEntry entry)
    {
        if (before.ChangesTheSameAs(entry))
        {
            return true;
        }

        return before.End <= entry.Offset ? false : throw new ReflinkException(
            Errno.EINVAL,
            $"{source}: patches {before.ToString()} and {entry.ToString()} overlap; put one of them into a set of its own, for another level");
    }

    private void CheckEnd(PatchEntry entry)
    {
        if (entry.End > target.FileSize)
        {
            throw new ReflinkException(
                Errno.EINVAL,
                $"{source}: patch {entry.ToString()} ends behind the file of {target.FileSize} bytes; check the offset and the file");
        }
    }
}

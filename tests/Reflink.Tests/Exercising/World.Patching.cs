using Reflink.Patching;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Exercising;

/// <content>What happens to code, and to memory as a whole.</content>
internal sealed partial class World
{
    /// <summary>Pokes a set over what shows in the mapping at a slot; each edit is made against those bytes, or against wrong ones.</summary>
    public void Poke(int process, int slot, (int Offset, int Length, byte Value)[] edits, bool wrong = false, bool shares = false)
    {
        var page = _memory[process][slot];
        var set = MakeSet(page, edits, wrong, shares);
        _notes?.Add($"p{process}: poke at {slot}: {string.Join(", ", edits)}{(wrong ? " wrongly" : "")}{(shares ? " and one that is there" : "")}");
        Change(process, slot, Errno.EFAULT, page is null ? null : LevelsAt(page, l => l.With([.. l.Poked, set])), set, null, () =>
            Machine.TextPoke.Apply(_processes[process], AddressOf(slot), set));
    }

    /// <summary>Puts a set in the place of one that was poked into the mapping at a slot.</summary>
    public void Replace(int process, int slot, int which, (int Offset, int Length, byte Value)[] edits)
    {
        var page = _memory[process][slot];
        var set = MakeSet(page, edits, wrong: false, shares: false);
        var (old, index) = Poked(page, which);
        _notes?.Add($"p{process}: replace {old} at {slot} by {string.Join(", ", edits)}");
        var levels = page is null ? null : LevelsAt(page, l => l.With([.. l.Poked.Select((s, i) => i == index ? set : s)]));
        Change(process, slot, Errno.EFAULT, levels, set, old, () =>
            Machine.TextPoke.Replace(_processes[process], AddressOf(slot), old, set));
    }

    /// <summary>Reverts a set that was poked into the mapping at a slot.</summary>
    public void Revert(int process, int slot, int which = 0)
    {
        var page = _memory[process][slot];
        var (set, index) = Poked(page, which);
        _notes?.Add($"p{process}: revert {set} at {slot}");
        var levels = page is null ? null : LevelsAt(page, l => l.With([.. l.Poked.Where((_, i) => i != index)]));
        Change(process, slot, Errno.EFAULT, levels, null, set, () => Machine.TextPoke.Revert(_processes[process], AddressOf(slot), set));
    }

    /// <summary>
    /// Keeps the inode that a poked mapping shows, as a file without a name, or compares and drops the one that was kept: derived
    /// pages may have other owners than the registry, and then nothing but their recipes holds the roots.
    /// </summary>
    public void Keep(int process, int slot)
    {
        if (_kept is { } kept)
        {
            _notes?.Add("drop the kept inode");
            CheckKept();
            Machine.Metadata.Put(kept.Inode);
            _kept = null;
        }
        else if (_memory[process][slot]?.Level is { } levels)
        {
            _notes?.Add($"keep the inode that p{process} shows at {slot}");
            var inode = Machine.Metadata.CreateNameless(Reflink.Inodes.InodeType.Regular);
            Machine.Ledger.Share(_processes[process].Memory.Find(AddressOf(slot))!.Base!, inode);
            _kept = (inode, levels.Copy);
        }
    }

    public void Evict(int frame)
    {
        if (Machine.Cache.HighWater > 0)
        {
            var number = new FrameNumber(frame % Machine.Cache.HighWater);
            _notes?.Add($"evict frame {number} of {Machine.Cache.Frames[number].Block}");
            Machine.Cache.Reclaimer.TryEvict(number);
        }
    }

    public void DropCaches()
    {
        _notes?.Add("drop caches");
        Machine.DropCaches();
    }

    public void WriteBack()
    {
        _notes?.Add("write back");
        Machine.Cache.Dirty.CleanAll();
    }

    public void Shrink(int target)
    {
        _notes?.Add($"shrink the registry by {target}");
        Machine.Derived.Shrink(target);
    }

    private static FlatLevels LevelsAt(FlatPage page, Func<FlatLevels, FlatLevels> change) =>
        change(page.Level ?? new FlatLevels((page.File ?? new FlatFile { Size = FlatFile.MostPages * Page.Size }).Copy(), [], []));

    // The set of that number among those that were poked there; one that never was, if none was.
    private static (PatchSet Set, int Index) Poked(FlatPage? page, int which) => page?.Level is { Poked: { Count: > 0 } sets }
        ? (sets[which % sets.Count], which % sets.Count)
        : (new PatchSetBuilder().Add(3, [1], [200]).Build(), -1);

    private static PatchSet MakeSet(FlatPage? page, (int Offset, int Length, byte Value)[] edits, bool wrong, bool shares)
    {
        var builder = new PatchSetBuilder();
        foreach (var (offset, length, value) in edits)
        {
            var old = (page?.Base?.Bytes ?? new byte[FlatFile.MostPages * Page.Size]).AsSpan(offset, length).ToArray();
            old[0] ^= (byte)(wrong ? 0x40 : 0);
            var bytes = new byte[length];
            Array.Fill(bytes, value);
            builder.Add(offset, old, bytes);
        }

        // An entry that another level has already, unless it is in the way.
        if (shares && page?.Level is { Poked: [{ Count: > 0 } other, ..] }
            && !edits.Any(e => e.Offset < other[0].End && other.Offset(0) < e.Offset + e.Length))
        {
            builder.Add(other.Offset(0), other.Old(0), other.New(0));
        }

        return builder.Build();
    }

    // A change of levels: what comes (if anything), what goes (if anything), and what should lie there afterwards.
    private void Change(int process, int slot, Errno unmapped, FlatLevels? levels, PatchSet? set, PatchSet? old, Func<PokeResult> call)
    {
        var page = _memory[process][slot];
        var vma = _processes[process].Memory.Find(AddressOf(slot));
        var expected = page is null ? unmapped : ExpectedOfChange(page, vma!, levels!, set, old);
        _notes?.Add($"   {Attempted(expected)}");
        PokeResult? result = null;
        if (!Try(expected, () => result = call()))
        {
            return;
        }

        var pages = page!.Level is { } before
            ? _memory[process].Where(other => ReferenceEquals(other?.Level, before)).ToArray()
            : _memory[process].AsSpan((int)(vma!.Start - s_first), (int)vma.Length).ToArray();
        var shadowed = Edit(process, pages!, levels!);
        if (!result!.Shadowed.Order().SequenceEqual(shadowed.Order()))
        {
            throw new Failure($"shadowed {string.Join(",", result.Shadowed)}, expected {string.Join(",", shadowed)}");
        }
    }

    private static Errno? ExpectedOfChange(FlatPage page, Vma vma, FlatLevels levels, PatchSet? set, PatchSet? old)
    {
        var poked = page.Level?.Poked ?? [];
        var isThere = old is null || poked.Any(s => s.Id == old.Id);
        if (set is null)
        {
            return !isThere ? Errno.EINVAL : levels.FirstMisfit >= 0 ? Errno.EBUSY : null;
        }

        if (page is { File: null } or { Shared: true } || (page.Protection & Protection.Execute) == 0 || !isThere)
        {
            return Errno.EINVAL;
        }

        if (poked.Any(s => s.Id == set.Id && s.Id != old?.Id))
        {
            return Errno.EEXIST;
        }

        var end = Math.Min(vma.FileRange.End.Offset, levels.Root.Size);
        var isOutside = set.Count > 0 && (set.Offset(0) < vma.FilePage.Offset || set[set.Count - 1].End > end);
        var index = levels.Overlay.Count + Enumerable.Range(0, levels.Poked.Count).Last(i => levels.Poked[i].Id == set.Id);
        return isOutside || levels.FirstMisfit == index ? Errno.EINVAL : levels.FirstMisfit >= 0 ? Errno.EBUSY : null;
    }

    // Levels edit private copies wherever they show what the mapping showed before, and copies that then equal what is beneath
    // them go; one that could not be compared for want of memory stays.
    private List<long> Edit(int process, FlatPage[] pages, FlatLevels after)
    {
        var shadowed = new List<long>();
        foreach (var page in pages)
        {
            var before = page.Level ?? after.With([]).WithOverlay([]);
            var isTouched = false;
            for (var at = page.Index * Page.Size; at < Math.Min(page.Index + 1, FlatFile.MostPages) * Page.Size; at++)
            {
                var (from, to) = (before.Copy.Bytes[at], after.Copy.Bytes[at]);
                isTouched |= from != to;
                if (from != to && page.Own is { } own)
                {
                    shadowed.AddRange(own[at % Page.Size] != from && own[at % Page.Size] != to ? [at] : Array.Empty<long>());
                    own[at % Page.Size] = own[at % Page.Size] == from ? to : own[at % Page.Size];
                }
            }

            page.Level = after.IsEmpty ? null : after;
            DropIfEqual(process, page, isTouched);
        }

        return shadowed;
    }

    private void DropIfEqual(int process, FlatPage page, bool isTouched)
    {
        if (isTouched && page.Own is not null && page.Own.AsSpan().SequenceEqual(page.Beneath)
            && !(IsShortOf(Errno.ENOMEM) && IsFilled(process, page)))
        {
            page.Own = null;
        }
    }

    private bool IsFilled(int process, FlatPage page)
    {
        var slot = Array.IndexOf(_memory[process], page);
        var vma = _processes[process].Memory.Find(AddressOf(slot))!;
        return vma.IsFilled(vma.PageOf(s_first + slot), out _);
    }
}

using Reflink.Patching;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Exercising;

/// <content>What happens to code, and to memory as a whole.</content>
internal sealed partial class World
{
    /// <summary>Pokes a set into the mapping at a slot; each edit is made against the file's present bytes, or against wrong ones.</summary>
    public void Poke(int process, int slot, (int Offset, int Length, byte Value)[] edits, bool wrong = false)
    {
        var memory = _processes[process].Memory;
        var vma = memory.Find(AddressOf(slot));
        var set = MakeSet(_memory[process][slot]?.File, edits, wrong);
        var expected = ExpectedOfPoke(_memory[process][slot], vma, set, wrong);
        _notes?.Add($"p{process}: poke at {slot}: {string.Join(", ", edits)}{(wrong ? " wrongly" : "")}{Attempted(expected)}");
        PokeResult? result = null;
        if (!Try(expected, () => result = Machine.TextPoke.Apply(_processes[process], AddressOf(slot), set)))
        {
            return;
        }

        var copy = vma!.File is null ? throw new Failure("anonymous memory was poked") : _memory[process][slot]!.File!.Copy();
        for (var i = 0; i < set.Count; i++)
        {
            set.New(i).CopyTo(copy.Bytes.AsSpan((int)set.Offset(i)));
        }

        var level = new FlatLevel(copy, set);
        var pages = _memory[process].AsSpan((int)(vma.Start - s_first), (int)vma.Length).ToArray();
        CompareShadowed(result!, Edit(process, pages!, level, revert: false));
    }

    /// <summary>Reverts what was poked into the mapping at a slot.</summary>
    public void Revert(int process, int slot)
    {
        var page = _memory[process][slot];
        Errno? expected = page is null ? Errno.EFAULT : page.Level is null ? Errno.EINVAL : null;
        _notes?.Add($"p{process}: revert at {slot}{Attempted(expected)}");
        PokeResult? result = null;
        if (Try(expected, () => result = Machine.TextPoke.Revert(_processes[process], AddressOf(slot))))
        {
            var level = page!.Level!;
            var pages = _memory[process].Where(other => ReferenceEquals(other?.Level, level)).ToArray();
            CompareShadowed(result!, Edit(process, pages!, level, revert: true));
        }
    }

    public void Evict(int frame)
    {
        if (Machine.Cache.HighWater > 0)
        {
            var number = new FrameNumber(frame % Machine.Cache.HighWater);
            _notes?.Add($"evict frame {number} of {Machine.Cache.Frames[number].Block}");
            Machine.Cache.TryEvict(number);
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
        Machine.Cache.WriteBack();
    }

    public void Shrink(int target)
    {
        _notes?.Add($"shrink the registry by {target}");
        Machine.Derived.Shrink(target);
    }

    private static PatchSet MakeSet(FlatFile? file, (int Offset, int Length, byte Value)[] edits, bool wrong)
    {
        var builder = new PatchSetBuilder();
        foreach (var (offset, length, value) in edits)
        {
            var old = (file?.Bytes ?? new byte[FlatFile.MostPages * Page.Size]).AsSpan(offset, length).ToArray();
            old[0] ^= (byte)(wrong ? 0x40 : 0);
            var bytes = new byte[length];
            Array.Fill(bytes, value);
            builder.Add(offset, old, bytes);
        }

        return builder.Build();
    }

    private static Errno? ExpectedOfPoke(FlatPage? page, Vma? vma, PatchSet set, bool wrong) => page switch
    {
        null => Errno.EFAULT,
        { File: null } or { Shared: true } => Errno.EINVAL,
        _ when (page.Protection & Protection.Execute) == 0 => Errno.EINVAL,
        { Level: not null } => Errno.EBUSY,
        _ when set.Count > 0 && (wrong || set.Offset(0) < vma!.FilePage.Offset
            || set[set.Count - 1].End > Math.Min(vma.FileRange.End.Offset, page.File.Size)) => Errno.EINVAL,
        _ => null,
    };

    // A level edits private copies wherever they show the bytes of the level below, and copies that then equal what is
    // beneath them go; one that could not be compared for want of memory stays.
    private List<long> Edit(int process, FlatPage[] pages, FlatLevel level, bool revert)
    {
        var shadowed = new List<long>();
        for (var i = 0; i < level.Set.Count; i++)
        {
            for (var b = 0; b < level.Set.Old(i).Length; b++)
            {
                var (from, to) = (level.Set.Old(i)[b], level.Set.New(i)[b]);
                (from, to) = revert ? (to, from) : (from, to);
                var at = (int)level.Set.Offset(i) + b;
                if (pages.FirstOrDefault(p => p.Index == at / Page.Size)?.Own is not { } own)
                {
                    continue;
                }

                shadowed.AddRange(own[at % Page.Size] != from && own[at % Page.Size] != to ? [at] : Array.Empty<long>());
                own[at % Page.Size] = own[at % Page.Size] == from ? to : own[at % Page.Size];
            }
        }

        foreach (var page in pages)
        {
            page.Level = revert ? null : level;
            if (page.Own is not null && IsTouched(level.Set, page.Index) && page.Own.AsSpan().SequenceEqual(page.Beneath)
                && !(IsShortOf(Errno.ENOMEM) && IsFilled(process, page)))
            {
                page.Own = null;
            }
        }

        return shadowed;
    }

    private static bool IsTouched(PatchSet set, int page) =>
        Enumerable.Range(0, set.Count).Any(i => set.Offset(i) / Page.Size <= page && (set[i].End - 1) / Page.Size >= page);

    private bool IsFilled(int process, FlatPage page)
    {
        var slot = Array.IndexOf(_memory[process], page);
        var vma = _processes[process].Memory.Find(AddressOf(slot))!;
        return vma.IsFilled(vma.PageOf(s_first + slot), out _);
    }

    private static void CompareShadowed(PokeResult result, List<long> expected)
    {
        if (!result.Shadowed.Order().SequenceEqual(expected.Order()))
        {
            throw new Failure($"shadowed {string.Join(",", result.Shadowed)}, expected {string.Join(",", expected)}");
        }
    }
}

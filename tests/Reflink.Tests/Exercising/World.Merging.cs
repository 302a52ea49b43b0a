using Reflink.Ksm;
using Reflink.Ksm.Controls;
using Reflink.Ksm.Scanning;
using Reflink.Ksm.Sets;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Exercising;

/// <content>Samepage merging by the machine's own scanner and on request. It changes no byte: the oracle only knows who is a member of what.</content>
internal sealed partial class World
{
    private const string Requested = "?";

    private readonly bool[] _mergesAny = new bool[Processes];
    private readonly List<(PagePin Pin, List<BlockNumber> Unmerged)> _pins = [];

    /// <summary>How many pages were merged in each form.</summary>
    public long[] Merges { get; } = new long[Enum.GetValues<MergeForm>().Length];

    /// <summary>Stores whole pages of one byte, so that pages are equal.</summary>
    public void Fill(int process, int slot, int pages, byte value)
    {
        for (var i = 0; i < pages && slot + i < Slots && _memory[process][slot + i] is { Shared: false } page && (page.Protection & Protection.Write) != 0; i++)
        {
            Store(process, slot + i, 0, Page.Size, value);
        }
    }

    /// <summary>madvise(2): MADV_DONTNEED drops private copies, MADV_FREE gives anonymous ones up; the others change who may merge.</summary>
    public void Advise(int process, int slot, int pages, Advice advice)
    {
        var isOfFile = _memory[process].Skip(slot).Take(pages).Any(page => page is { File: not null });
        var expected = advice == Advice.Free && isOfFile ? Errno.EINVAL : ExpectedOf(process, slot, pages);
        _notes?.Add($"p{process}: {advice} {pages} pages at {slot}{Attempted(expected)}");
        var done = Counted(MergeForm.Asked, () => Try(expected, () => _processes[process].Madvise(AddressOf(slot), Bytes(pages), advice)));
        foreach (var page in PrivateIn(process, slot, pages))
        {
            page.Own = advice == Advice.DontNeed ? null : page.Own;
            if (advice == Advice.Free)
            {
                page.GiveUp();
            }

            page.Partition = advice switch
            {
                Advice.Mergeable => page.Partition ?? "",
                Advice.Unmergeable when page.Partition is "" or Requested => null,
                Advice.Merge => page.Partition ?? Requested,
                _ => page.Partition,
            };
        }

        LookAgain(done, advice == Advice.DontNeed ? null : expected);
    }

    /// <summary>
    /// Locks a few pages if they can all be faulted in, and drops what may leave; then they are unlocked, so that memory is never locked for long.
    /// Private pages that may be stored to are copied by it.
    /// </summary>
    public void LockAndUnlock(int process, int slot, int pages)
    {
        var range = _memory[process].Skip(slot).Take(pages).ToList();
        if (range.Any(page => page is null || page.IsBehindTheEnd || (page.Protection & Protection.Read) == 0))
        {
            return;
        }

        _notes?.Add($"p{process}: lock and unlock {pages} pages at {slot}");
        var memory = _processes[process].Memory;
        try
        {
            memory.Lock(AddressOf(slot), Bytes(pages));
        }
        catch (ReflinkException e) when (IsShortOf(e.Error == Errno.EAGAIN ? Errno.ENOMEM : e.Error))
        {
            _notes?.Add($"    {e.Error}");
        }

        foreach (var (page, i) in range.Select((page, i) => (page!, i)))
        {
            var at = s_first + (slot + i);
            var vma = memory.Find(at.Address)!;
            page.Own ??= !page.Shared && vma.IsFilled(vma.PageOf(at), out _) ? page.Shown.ToArray() : null;
        }

        DropCaches();
        Fsck.Require(Machine);
        memory.Unlock(AddressOf(slot), Bytes(pages));
    }

    /// <summary>Merges a range at once, or takes it out of whatever it is in; perhaps another process asks for it.</summary>
    public void Ask(int process, int slot, int pages, int? by, bool merge, MergeFlags flags)
    {
        var expected = by is { } asker && _processes[asker].User != _processes[process].User ? Errno.EPERM : ExpectedOf(process, slot, pages);
        _notes?.Add($"p{process}: {(merge ? $"merge {flags}" : "unmerge")} {pages} pages at {slot}, asked by {by}{Attempted(expected)}");
        var (who, whose) = (by is { } b ? _processes[b] : null, _processes[process]);
        var done = Counted((flags & MergeFlags.Lazy) != 0 ? MergeForm.Lazily : MergeForm.Asked, () => Try(expected, () =>
        {
            if (merge)
            {
                Machine.Ksm.Merge(who, whose, AddressOf(slot), Bytes(pages), flags);
            }
            else
            {
                Machine.Ksm.Unmerge(who, whose, AddressOf(slot), Bytes(pages));
            }
        }));
        foreach (var page in expected == Errno.EPERM ? [] : PrivateIn(process, slot, pages))
        {
            page.Partition = merge ? page.Partition ?? Requested : null;
        }

        LookAgain(done, expected);
    }

    /// <summary>PR_SET_MEMORY_MERGE.</summary>
    public void Option(int process, bool on)
    {
        _notes?.Add($"p{process}: merge any {on}");
        var done = Try(null, () => _processes[process].Prctl(ProcessOption.SetMemoryMerge, on ? 1 : 0));
        if (done && on != _mergesAny[process])
        {
            _mergesAny[process] = on;
            foreach (var page in PrivateIn(process, 0, Slots))
            {
                page.Partition = on ? page.Partition ?? "" : page.Partition == "" ? null : page.Partition;
            }
        }

        LookAgain(done, null);
        Require((_processes[process].Prctl(ProcessOption.GetMemoryMerge) == 1) == _mergesAny[process], "merge any is not what was set");
    }

    public void Pass()
    {
        _notes?.Add("scan to the end of the pass");
        Counted(MergeForm.Passed, () => Try(null, () => Machine.Ksm.Pass()));
    }

    /// <summary>Lets all scanners run for a while, the machine's own by batches of that many pages.</summary>
    public void Wait(uint pages, int milliseconds)
    {
        _notes?.Add($"wait {milliseconds} ms, {pages} pages a wake");
        Machine.Ksm.Tunables.PagesToScan = pages;
        Counted(MergeForm.Batched, () => Try(null, () =>
        {
            Machine.Ksm.Run = KsmRun.Merge;
            Machine.Wait(TimeSpan.FromMilliseconds(milliseconds));
        }));
    }

    public void Run(KsmRun run)
    {
        _notes?.Add($"run = {(int)run}");

        // Only a change does anything, as in the kernel: a pass may have merged since.
        var changes = Machine.Ksm.Run != run;
        if (Try(null, () => Machine.Ksm.Run = run) && run == KsmRun.Unmerge && changes)
        {
            var counters = Machine.Ksm.Counters;
            Require((counters.PagesShared, counters.PagesSharing, counters.RmapItems) == (0, 0, 0), $"unmerged, and {counters}");
            Require(Merged(p => p.Partition == "").All(b => b.IsZero), "unmerged pages are merged");
        }
    }

    public void Tune(Op op)
    {
        var tunables = Machine.Ksm.Tunables;
        tunables.UseZeroPages = op.Roll(1, 2) == 0;
        tunables.SmartScan = op.Roll(2, 8) == 0;
        tunables.FreshSurvivor = op.Roll(3, 4) == 0;
        tunables.FakeMerging = op.Roll(4, 4) == 0;
        tunables.StableNodeChainsPruneMilliseconds = op.Roll(5, 2) == 0 ? 0u : 2000;
        var most = 2 + op.Roll(6, 3);
        Errno? expected = most != tunables.MaxPageSharing && Machine.Ksm.Counters.PagesShared > 0 ? Errno.EBUSY : null;
        _notes?.Add($"zero pages {tunables.UseZeroPages}, smart {tunables.SmartScan}, fresh {tunables.FreshSurvivor}, fake {tunables.FakeMerging}, {most} at most{Attempted(expected)}");
        Try(expected, () => tunables.MaxPageSharing = most);
    }

    /// <summary>Pins pages of a range, or lets go of those that were pinned first.</summary>
    public void Pin(int process, int slot, int pages)
    {
        _notes?.Add($"p{process}: pin {pages} pages at {slot}, {_pins.Count} pinned");
        if (_pins.Count == 2)
        {
            _pins[0].Pin.Dispose();
            _pins.RemoveAt(0);
        }

        var unmerged = Enumerable.Range(slot, pages).Select(s => BlockAt(process, s)).OfType<BlockNumber>().Where(b => !Machine.Space.IsMerged(b)).ToList();
        _pins.Add((Machine.Ksm.Pin(_processes[process], AddressOf(slot), Bytes(pages)), unmerged));
    }

    private static long Bytes(int pages) => (long)pages << Page.Shift;

    private Errno? ExpectedOf(int process, int slot, int pages) => _memory[process].AsSpan(slot, pages).Contains(null) ? Errno.ENOMEM : null;

    private IEnumerable<FlatPage> PrivateIn(int process, int slot, int pages) =>
        _memory[process].Skip(slot).Take(pages).OfType<FlatPage>().Where(p => !p.Shared);

    private string? PartitionOfNew(int process, bool shared) => _mergesAny[process] && !shared ? "" : null;

    // What ran out of memory in the middle did some of it; who is a member of what is then as the machine says.
    private void LookAgain(bool done, Errno? expected)
    {
        if (!done && (expected is null || IsShortOf(Errno.ENOMEM)))
        {
            ForEachPage((process, slot, page) => page.Partition = PartitionAt(process, slot));
        }
    }

    private void CheckMembers()
    {
        ForEachPage((process, slot, page) => Require(
            page.Partition == PartitionAt(process, slot), $"page {slot} of p{process} is in '{PartitionAt(process, slot)}', not in '{page.Partition}'"));
        Require(_pins.All(p => !p.Unmerged.Exists(Machine.Space.IsMerged)), "a pinned page was merged");
    }

    private void ForEachPage(Action<int, int, FlatPage> act)
    {
        for (var place = 0; place < Processes * Slots; place++)
        {
            if (_memory[place / Slots][place % Slots] is { } page)
            {
                act(place / Slots, place % Slots, page);
            }
        }
    }

    private string? PartitionAt(int process, int slot) => _processes[process].Memory.Find(AddressOf(slot))?.Merging is MergeDomain domain
        ? domain == Machine.Ksm.Requested.Domain ? Requested : domain.Name
        : null;

    private BlockNumber? BlockAt(int process, int slot) => _processes[process].Memory.Find(AddressOf(slot)) is { } vma
        && vma.IsFilled(vma.PageOf(s_first + slot), out var block) ? block : null;

    // The blocks of pages that are mapped to a page that others are mapped to as well, or to the zero page.
    private List<BlockNumber> Merged(Func<FlatPage, bool> which)
    {
        var merged = new List<BlockNumber>();
        ForEachPage((process, slot, page) =>
        {
            if (which(page) && BlockAt(process, slot) is { } block && (block.IsZero || (Machine.Space.IsMerged(block) && Machine.Space.Owners(block) > 1)))
            {
                merged.Add(block);
            }
        });
        return merged;
    }

    // Does it and counts what it merged.
    private bool Counted(MergeForm form, Func<bool> act)
    {
        var (merged, inherited, marked) = (Merged(_ => true), Inherited(), Marked());
        Merges[(int)MergeForm.Swapped] += merged.Count(b => !b.IsZero && !Machine.Cache.TryPeek(b, default, out _));
        var done = act();
        var now = Merged(_ => true);
        Add(form, now.Count - merged.Count);
        Add(MergeForm.Zeroed, now.Count(b => b.IsZero) - merged.Count(b => b.IsZero));
        Add(MergeForm.Inherited, Inherited() - inherited);
        Add(MergeForm.Fresh, Machine.Ksm.Tunables.FreshSurvivor && form is MergeForm.Passed or MergeForm.Batched ? now.Count - merged.Count : 0);
        Add(MergeForm.Faked, Machine.Ksm.Tunables.FakeMerging && form is MergeForm.Passed or MergeForm.Batched ? Marked() - marked : 0);
        return done;

        void Add(MergeForm to, int count) => Merges[(int)to] += Math.Max(0, count);
    }

    private int Inherited()
    {
        var count = 0;
        ForEachPage((process, slot, _) => count += BlockAt(process, slot) is { } block
            && _processes[process].Memory.Find(AddressOf(slot))!.Merging is MergeDomain domain
            && domain.Stable.FindBlock(block) is var node && node != 0 && domain.Stable[node].IsInherited ? 1 : 0);
        return count;
    }

    private int Marked()
    {
        var count = 0;
        ForEachPage((process, slot, _) => count += BlockAt(process, slot) is { } block && Machine.Space.IsMerged(block) ? 1 : 0);
        return count;
    }
}

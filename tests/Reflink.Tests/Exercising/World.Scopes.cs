using Reflink.Patching;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Exercising;

/// <content>Patches that reach beyond one mapping: overlays of a user, probes of the whole machine.</content>
internal sealed partial class World
{
    private readonly Dictionary<(User User, FlatFile File), List<PatchSet>> _overlays = [];
    private readonly List<(FlatFile File, UprobeLink Link)> _links = [];
    private readonly Dictionary<(FlatFile File, int Offset), byte> _originals = [];

    /// <summary>Lays a set over a file for the user of a process.</summary>
    public void Overlay(int process, int file, (int Offset, int Length, byte Value)[] edits, bool wrong)
    {
        var (user, flat) = (_processes[process].User, _files[file]!);
        var sets = _overlays.GetValueOrDefault((user, flat), []);
        var shown = new FlatPage(flat, 0, shared: false, Protection.Read) { Level = new FlatLevels(flat.Copy(), sets, []) };
        var set = MakeSet(shown, edits, wrong, shares: false);
        _notes?.Add($"overlay of {user.Name} on f{file}: {string.Join(", ", edits)}{(wrong ? " wrongly" : "")}");
        List<PatchSet> after = [.. sets, set];
        var misfit = new FlatLevels(flat.Copy(), after, []).FirstMisfit;
        Errno? expected = sets.Any(s => s.Id == set.Id) ? Errno.EEXIST : misfit == sets.Count ? Errno.EINVAL : misfit >= 0 ? Errno.EBUSY : null;
        Overlay(user, file, after, expected, isNew: true, open => Machine.Overlays.Apply(_processes[process], user, open, set));
    }

    /// <summary>Takes a set out of an overlay.</summary>
    public void Unlay(int process, int file, int which)
    {
        var (user, flat) = (_processes[process].User, _files[file]!);
        var sets = _overlays.GetValueOrDefault((user, flat), []);
        var index = sets.Count > 0 ? which % sets.Count : -1;
        var set = index >= 0 ? sets[index] : new PatchSetBuilder().Add(3, [1], [200]).Build();
        _notes?.Add($"take {set} out of the overlay of {user.Name} on f{file}");
        var rest = sets.Where((_, i) => i != index).ToList();
        Errno? expected = index < 0 ? Errno.EINVAL : new FlatLevels(flat.Copy(), rest, []).HasMisfitFrom(index) ? Errno.EBUSY : null;
        Overlay(user, file, rest, expected, isNew: false, open => Machine.Overlays.Revert(_processes[process], user, open, set));
    }

    /// <summary>Attaches breakpoints to a file.</summary>
    public void Probe(int file, int[] offsets, bool wrong)
    {
        var flat = _files[file]!;
        var builder = new PatchSetBuilder();
        foreach (var offset in offsets)
        {
            builder.Add(offset, [(byte)(flat.Bytes[offset] ^ (wrong ? 0x40 : 0))], [0xcc]);
        }

        var set = builder.Build();
        Errno? expected = set.Count > 0 && (wrong || set[set.Count - 1].End > flat.Size) ? Errno.EINVAL : null;
        _notes?.Add($"probe f{file} at {string.Join(", ", offsets)}{(wrong ? " wrongly" : "")}{Attempted(expected)}");
        using var open = Open(file);
        UprobeLink? link = null;
        var done = Try(expected, () => link = Machine.Uprobes.Attach(_tool, open, set));
        if (done)
        {
            var fresh = Offsets(set).Where(o => !_originals.ContainsKey((flat, o))).ToList();
            fresh.ForEach(o => _originals[(flat, o)] = set.Old(Offsets(set).IndexOf(o))[0]);
            Install(flat, fresh, AllPages(flat, writable: false));
            _links.Add((flat, link!));
        }
        else
        {
            NoteFilled();
        }
    }

    /// <summary>Detaches the breakpoints of that number.</summary>
    public void Unprobe(int which)
    {
        if (_links.Count == 0)
        {
            return;
        }

        var (flat, link) = _links[which % _links.Count];
        _notes?.Add($"detach {link.Set}");
        if (Try(null, () => Machine.Uprobes.Detach(_tool, link)))
        {
            _links.Remove((flat, link));
            var last = Offsets(link.Set).Where(o => !_links.Any(l => l.File == flat && Offsets(l.Link.Set).Contains(o))).ToList();
            foreach (var (process, page) in AllPages(flat, writable: true).Where(p => p.Page.Own is not null))
            {
                foreach (var at in last.Where(o => o / Page.Size == page.Index))
                {
                    ref var own = ref page.Own![at % Page.Size];
                    own = own == 0xcc ? BeneathProbe(flat, page, at) : own;
                }

                DropIfEqual(process, page, last.Any(o => o / Page.Size == page.Index));
            }

            last.ForEach(o => _originals.Remove((flat, o)));
        }
    }

    private static List<int> Offsets(PatchSet set) => [.. Enumerable.Range(0, set.Count).Select(i => (int)set.Offset(i))];

    private void Overlay(
        User user, int file, List<PatchSet> sets, Errno? expected, bool isNew, Func<OpenFile, OverlayResult> call)
    {
        var flat = _files[file]!;
        var changes = new List<(int Process, FlatPage[] Pages, FlatLevels Levels)>();
        foreach (var (process, pages) in Enumerable.Range(0, Processes).Where(p => _processes[p].User == user).SelectMany(p => Mapped(p, flat)))
        {
            var before = pages[0].Level;
            var levels = (before ?? new FlatLevels(flat.Copy(), [], [])).WithOverlay(sets);
            var showsNone = before is null || before.Overlay.Count == 0;
            if (levels.FirstMisfit >= 0)
            {
                expected ??= showsNone && !isNew ? null : Errno.EBUSY;
            }
            else if (!(showsNone && sets.Count == 0))
            {
                changes.Add((process, pages, levels));
            }
        }

        _notes?.Add($"   {Attempted(expected)}");
        using var open = Open(file);
        OverlayResult? result = null;
        if (Try(expected, () => result = call(open)))
        {
            _overlays[(user, flat)] = sets;
            var shadowed = changes.Sum(c => Edit(c.Process, c.Pages, c.Levels).Count);
            Require(result == new OverlayResult(changes.Count, shadowed), $"{result}, expected {changes.Count} and {shadowed}");
        }
    }

    // The private mappings of a file that are executable, or were when something was poked into them; parts of a split one together.
    private IEnumerable<(int Process, FlatPage[] Pages)> Mapped(int process, FlatFile flat) => Enumerable.Range(0, Slots)
        .Where(s => _memory[process][s] is { Shared: false } p && p.File == flat && (p.Level is not null || (p.Protection & Protection.Execute) != 0))
        .GroupBy(s => (object?)_memory[process][s]!.Level ?? _processes[process].Memory.Find(AddressOf(s))!)
        .Select(slots => (process, slots.Select(s => _memory[process][s]!).ToArray()))
        .ToList();

    // After mmap: what the user's overlay shows there, and what is probed.
    private void Observe(int process, FlatPage[] pages, long misfits, long missed)
    {
        var flat = pages[0].File!;
        if (!pages[0].Shared && (pages[0].Protection & Protection.Execute) != 0
            && _overlays.GetValueOrDefault((_processes[process].User, flat), []) is { Count: > 0 } sets)
        {
            var levels = new FlatLevels(flat.Copy(), sets, []);
            Require(levels.FirstMisfit >= 0 == Machine.Overlays.Misfits > misfits, "an overlay fits or it does not");
            Array.ForEach(pages, p => p.Level = levels.FirstMisfit < 0 ? levels : null);
        }

        if (Machine.Uprobes.Missed > missed)
        {
            Require(IsShortOf(Errno.ENOMEM), "probes were missed with memory to spare");
            NoteFilled();
        }
        else if (!pages[0].Shared && (pages[0].Protection & Protection.Write) == 0)
        {
            Install(flat, [.. _originals.Keys.Where(k => k.File == flat).Select(k => k.Offset)], pages.Select(p => (process, p)));
        }
    }

    private void Install(FlatFile flat, List<int> offsets, IEnumerable<(int Process, FlatPage Page)> pages)
    {
        foreach (var (_, page) in pages.Where(p => !p.Page.IsBehindTheEnd))
        {
            foreach (var at in offsets.Where(o => o / Page.Size == page.Index))
            {
                ref var own = ref page.Written()[at % Page.Size];
                own = own == BeneathProbe(flat, page, at) ? (byte)0xcc : own;
            }
        }
    }

    // What a level shows at a site; the byte that was there when it was first probed where none says anything.
    private byte BeneathProbe(FlatFile flat, FlatPage page, int at) =>
        page.Level is { } levels && levels.Covers(at) ? levels.Copy.Bytes[at] : _originals[(flat, at)];

    private IEnumerable<(int Process, FlatPage Page)> AllPages(FlatFile flat, bool writable) =>
        Enumerable.Range(0, Processes).SelectMany(p => _memory[p]
            .Where(page => page is { Shared: false } && page.File == flat && (writable || (page.Protection & Protection.Write) == 0))
            .Select(page => (p, page!)));

    // What failed for want of memory may leave private copies that show what was there before.
    private void NoteFilled()
    {
        for (var p = 0; p < Processes; p++)
        {
            foreach (var page in _memory[p].Where(page => page is { Shared: false, Own: null, IsBehindTheEnd: false, File: not null }))
            {
                page!.Own = IsFilled(p, page) ? page.Beneath.ToArray() : null;
            }
        }
    }
}

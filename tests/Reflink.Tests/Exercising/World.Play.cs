using Reflink.Files;

namespace Reflink.Tests.Exercising;

/// <content>From dice to operations.</content>
internal sealed partial class World
{
    private static readonly Protection[] s_protections =
        [Protection.ReadWrite, Protection.ReadExecute, Protection.ReadWrite | Protection.Execute, Protection.Read];

    private static readonly FallocateMode[] s_modes =
    [
        FallocateMode.Allocate, FallocateMode.KeepSize, FallocateMode.ZeroRange, FallocateMode.ZeroRange | FallocateMode.KeepSize,
        FallocateMode.UnshareRange, FallocateMode.UnshareRange | FallocateMode.KeepSize,
    ];

    private static readonly int[] s_lengths = [1, 5, 100, 4095, 4096, 4097, 8192, 6000];
    private static readonly int[] s_ends = [1, 100, 4000];
    private static readonly int[] s_patchOffsets = [8, 10, 4094];

    private (int Offset, int Length, byte Value)[] _lastPoke = [];

    /// <summary>Does what an operation says, if the state lets it mean anything.</summary>
    public void Play(Op op)
    {
        var file = op.Roll(0, Files);
        if (op.Verb <= Verb.Hold)
        {
            PlayFile(op, file, op.Roll(1, Files));
        }
        else if (op.Verb < Verb.Evict)
        {
            PlayMemory(op, op.Roll(1, Processes), op.Roll(2, Slots));
        }
        else
        {
            switch (op.Verb)
            {
                case Verb.Evict: Evict(op.Roll(0, 256)); break;
                case Verb.DropCaches: DropCaches(); break;
                case Verb.WriteBack: WriteBack(); break;
                case Verb.Shrink: Shrink(1 + op.Roll(0, 4)); break;
                default: PlayMerging(op); break;
            }
        }
    }

    private void PlayFile(Op op, int file, int other)
    {
        if (_files[file] is null && op.Verb != Verb.Write)
        {
            return;
        }

        switch (op.Verb)
        {
            case Verb.Write: PlayWrite(op, file); break;
            case Verb.Read: ReadInTurn(file, 1 + op.Roll(2, 4)); break;
            case Verb.Truncate: Truncate(file, Offset(op)); break;
            case Verb.Clone when op.Roll(7, 2) == 0 && _files[other] is null: Derive(op, file, FirstFrom(op.Roll(6, Files)), other); break;
            case Verb.CloneOnto when op.Roll(7, 4) == 0: Materialize(file); break;
            case Verb.Clone or Verb.CloneOnto when (_files[other] is null) == (op.Verb == Verb.Clone): Clone(file, other); break;
            case Verb.Punch when op.Roll(7, 3) == 0: Allocate(file, s_modes[op.Roll(8, s_modes.Length)], Offset(op), s_lengths[op.Roll(6, s_lengths.Length)]); break;
            case Verb.Punch when op.Roll(5, 2) == 0: PlayPunchPage(op, file, other, op.Roll(2, 5)); break;
            case Verb.Punch: Punch(file, Offset(op), s_lengths[op.Roll(6, s_lengths.Length)]); break;
            case Verb.Collapse when op.Roll(7, 2) == 0: Insert(file, op.Roll(2, 3), 1 + op.Roll(3, 2)); break;
            case Verb.Collapse: Collapse(file, op.Roll(2, 3), 1 + op.Roll(3, 2)); break;
            case Verb.Unlink: Unlink(file); break;
            case Verb.Rename: Rename(file, other); break;
            case Verb.Hold: Hold(file); break;
            default: PlayShare(op, file, other); break;
        }
    }

    private int FirstFrom(int file)
    {
        while (_files[file] is null)
        {
            file = (file + 1) % Files;
        }

        return file;
    }

    private void PlayWrite(Op op, int file)
    {
        // A page in two is written whole; there are few different bytes, so that pages come to be equal.
        var whole = op.Roll(1, 2) == 0;
        var offset = whole ? op.Roll(2, 5) * Page.Size : Offset(op);
        var length = whole ? (1 + op.Roll(3, 3)) * Page.Size : s_lengths[op.Roll(5, s_lengths.Length)];
        Write(file, offset, Math.Min(length, (FlatFile.MostPages * Page.Size) - offset), (byte)op.Roll(4, 4));
    }

    private void PlayShare(Op op, int file, int other)
    {
        if (_files[other] is null)
        {
            return;
        }

        var (from, count, to) = (op.Roll(2, 6), 1 + op.Roll(3, 3), op.Roll(4, 5));
        if (op.Verb == Verb.CloneRange)
        {
            CloneRange(file, from, op.Roll(5, 2) == 0 ? 1 : count, other, to);
        }
        else if (op.Verb == Verb.Dedupe)
        {
            // Equal pages are looked for: by chance they are too rare.
            for (var i = 0; i < 6 && !PagesAreEqual(file, from, other, to); i++)
            {
                (from, to) = i % 2 == 0 ? ((from + 1) % 6, to) : (from, (to + 1) % 5);
            }

            Dedupe(file, from, count, other, to);
        }
    }

    private bool PagesAreEqual(int file, int from, int other, int to) =>
        (file, from) != (other, to) && _files[file]!.PageAt(from).SequenceEqual(_files[other]!.PageAt(to));

    private void PlayMemory(Op op, int process, int slot)
    {
        var pages = Math.Min(1 + op.Roll(3, 6), Slots - slot);
        var protection = s_protections[op.Roll(4, s_protections.Length)];
        switch (op.Verb)
        {
            case Verb.Map when _files[op.Roll(0, Files)] is not null:
                Map(process, slot & ~3, Math.Min(pages, Slots - slot), op.Roll(0, Files), op.Roll(5, 3), op.Roll(6, 5) < 2, protection);
                break;
            case Verb.MapAnonymous: MapAnonymous(process, slot & ~3, pages, op.Roll(6, 2) == 0, protection | Protection.Read); break;
            case Verb.Unmap: Unmap(process, slot, pages); break;
            case Verb.Protect: Protect(process, slot, Math.Min(pages, 3), protection); break;
            case Verb.Load: Load(process, Wanted(process, slot, p => !p.IsBehindTheEnd)); break;
            case Verb.Store: PlayStore(op, process, Wanted(process, slot, p => (p.Protection & Protection.Write) != 0)); break;
            case Verb.DebugWrite: PlayStore(op, process, Wanted(process, slot, p => !p.Shared)); break;
            case Verb.Scribble when _files[op.Roll(0, Files)] is not null: PlayScribble(op, process, slot & ~3, op.Roll(0, Files)); break;
            case Verb.Scribble: break;
            case Verb.Fork: Fork(process, op.Roll(0, Processes)); break;
            case Verb.Exec: Exec(process); break;
            case Verb.Exit: Exit(process); break;
            case Verb.Poke: PlayPoke(op, process, Wanted(process, slot, p => CanBePoked(p) && (p.Level is not null || op.Roll(6, 3) == 0))); break;
            case Verb.Replace: PlayReplace(op, process, Wanted(process, slot, p => p.Level is not null)); break;
            case Verb.Overlay or Verb.Unlay or Verb.Probe or Verb.Unprobe: PlayScope(op, process, op.Roll(0, Files)); break;
            case Verb.Keep: PlayKeep(op, process, Wanted(process, slot, p => p.Level is not null)); break;
            case Verb.Revert: Revert(process, Wanted(process, slot, p => p.Level is not null), op.Roll(3, 3)); break;
            default: PlayAdvice(op, process, slot, pages); break;
        }
    }

    private void PlayStore(Op op, int process, int slot)
    {
        var length = Math.Min(s_lengths[op.Roll(5, s_lengths.Length)], Page.Size);
        var offset = Math.Min(op.Roll(3, 3) * 1000, Page.Size - length);
        if (op.Verb == Verb.Store)
        {
            Store(process, slot, offset, length, (byte)op.Roll(4, 4));
        }
        else
        {
            DebugWrite(process, slot, offset, length, (byte)op.Roll(4, 4));
        }
    }

    private void PlayPoke(Op op, int process, int slot)
    {
        // The same again, perhaps elsewhere or later: who pokes alike is to share, unless the file has changed.
        if (op.Roll(7, 3) == 0 && _lastPoke.Length > 0)
        {
            Poke(process, slot, _lastPoke);
            return;
        }

        _lastPoke = Edits(op, process, slot);
        Poke(process, slot, _lastPoke, wrong: op.Roll(7, 10) == 1, shares: op.Roll(7, 7) == 2);
    }

    private void PlayReplace(Op op, int process, int slot) => Replace(process, slot, op.Roll(1, 3), Edits(op, process, slot));

    private void PlayScope(Op op, int process, int file)
    {
        if (op.Verb == Verb.Unprobe)
        {
            Unprobe(op.Roll(3, 4));
        }
        else if (_files[file] is null)
        {
            return;
        }
        else if (op.Verb == Verb.Probe)
        {
            var offsets = Edits(op, process, op.Roll(2, Slots)).Select(e => e.Offset).ToArray();
            Probe(file, offsets, wrong: op.Roll(7, 10) == 1);
        }
        else if (op.Verb == Verb.Overlay)
        {
            Overlay(process, file, Edits(op, process, op.Roll(2, Slots)), wrong: op.Roll(7, 10) == 1);
        }
        else
        {
            Unlay(process, file, op.Roll(3, 3));
        }
    }

    private (int Offset, int Length, byte Value)[] Edits(Op op, int process, int slot)
    {
        var edits = new List<(int Offset, int Length, byte Value)>();
        for (var i = op.Roll(0, 2); i >= 0; i--)
        {
            var page = ((_memory[process][slot]?.Index ?? 0) + op.Roll(3 + i, 2)) % (FlatFile.MostPages - 1);
            var offset = (page * Page.Size) + s_patchOffsets[op.Roll(5 + i, 3)];
            var length = 1 + op.Roll(4, 4);
            if (!edits.Any(e => e.Offset < offset + length && offset < e.Offset + e.Length))
            {
                edits.Add((offset, length, (byte)(op.Roll(6 + i, 3) + 2)));
            }
        }

        return [.. edits];
    }

    private static bool CanBePoked(FlatPage page) =>
        page is { Shared: false, File: { } file } && page.Index < file.PageCount
        && (page.Protection & Protection.Execute) != 0;

    // The slot or, nine times in ten, the next one of which it is true.
    private int Wanted(int process, int slot, Func<FlatPage, bool> wanted) =>
        Enumerable.Range(slot, slot % 10 == 0 ? 1 : Slots).Select(s => s % Slots)
            .Where(s => _memory[process][s] is { } page && wanted(page)).FirstOrDefault(slot);

    private static int Offset(Op op) => (op.Roll(2, 6) * Page.Size) + (op.Roll(3, 3) == 0 ? 0 : op.Roll(4, 5) * 900);
}

namespace Reflink.Tests.Exercising;

/// <content>Several operations that fit each other, where chance alone would hardly ever put them together.</content>
internal sealed partial class World
{
    // Half of the time another file shares the page and a process has looked at it, so that the block and an entry outlive the hole.
    private void PlayPunchPage(Op op, int file, int other, int page)
    {
        if (op.Roll(8, 2) == 0)
        {
            if (other != file && _files[other] is not null)
            {
                CloneRange(file, page, 1, other, page);
            }

            foreach (var (process, slot) in MappingsOf(_files[file]!, page))
            {
                Load(process, slot);
            }
        }

        Punch(file, page * Page.Size, Page.Size);
    }

    // Half of the time all else that holds the root's blocks goes, so that only the recipes of the kept inode keep them.
    private void PlayKeep(Op op, int process, int slot)
    {
        var file = _memory[process][slot] is { Level: not null } page ? Array.IndexOf(_files, page.File) : -1;
        Keep(process, slot);
        if (_kept is null || file < 0 || op.Roll(8, 2) != 0)
        {
            return;
        }

        for (var p = 0; p < Processes; p++)
        {
            Exec(p);
        }

        Shrink(int.MaxValue);
        Write(file, 0, 3 * Page.Size, (byte)op.Roll(4, 4));
        DropCaches();
        CheckKept();
    }

    private IEnumerable<(int Process, int Slot)> MappingsOf(FlatFile file, int index) =>
        from process in Enumerable.Range(0, Processes)
        from slot in Enumerable.Range(0, Slots)
        where _memory[process][slot] is { } page && page.File == file && page.Index == index
        select (process, slot);

    // Bytes that a shared mapping leaves behind the end of a file must not show when the file grows over them.
    private void PlayScribble(Op op, int process, int slot, int file)
    {
        var flat = _files[file]!;
        if (flat.Size % Page.Size == 0)
        {
            Truncate(file, (op.Roll(2, 5) * Page.Size) + s_ends[op.Roll(3, s_ends.Length)]);
        }

        var end = flat.Size % Page.Size;
        if (end == 0)
        {
            return;
        }

        Map(process, slot, 1, file, flat.Size / Page.Size, shared: true, Protection.ReadWrite);
        Store(process, slot, end, Math.Min(1 + op.Roll(4, 200), Page.Size - end), (byte)(1 + op.Roll(5, 3)));
        switch (op.Roll(6, 5))
        {
            case 0 or 1: Truncate(file, Math.Min(flat.Size + s_lengths[op.Roll(7, s_lengths.Length)], FlatFile.MostPages * Page.Size)); break;
            case 2: PlayWrite(op, file); break;
            case 3: Allocate(file, s_modes[op.Roll(7, s_modes.Length)], flat.Size + s_ends[op.Roll(8, s_ends.Length)], 100); break;
            default: break;
        }
    }
}

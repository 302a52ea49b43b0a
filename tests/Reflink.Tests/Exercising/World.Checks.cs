using Reflink.Units;

namespace Reflink.Tests.Exercising;

/// <content>Comparing the machine with the oracle.</content>
internal sealed partial class World
{
    /// <summary>After every operation: fsck, and a page of a file and two mapped ones if the dice say so.</summary>
    public void Check(Op op)
    {
        ShareContents(op);
        CheckRules();
        var file = op.Roll(6, Files * 2);
        if (file < Files && _files[file] is { } flat)
        {
            using var open = Open(file);
            Compare(open, flat, $"f{file}", op.Roll(7, FlatFile.MostPages), 1);
        }

        for (var i = op.Roll(5, 3); i > 0; i--)
        {
            CheckPage((op.Roll(7, 256) + i) % Processes, (op.Roll(6, 256) + (7 * i)) % Slots);
        }
    }

    /// <summary>Compares every page of every process and every file.</summary>
    public void CheckAll()
    {
        CheckRules();
        for (var p = 0; p < Processes; p++)
        {
            for (var slot = 0; slot < Slots; slot++)
            {
                CheckPage(p, slot);
            }
        }

        for (var f = 0; f < Files; f++)
        {
            if (_files[f] is { } flat)
            {
                using var open = Open(f);
                Compare(open, flat, $"f{f}", 0, FlatFile.MostPages);
            }
        }
    }

    /// <summary>At the end everything is compared; then all of it is given up, and nothing may be left.</summary>
    public void Finish()
    {
        CheckAll();
        foreach (var process in _processes)
        {
            process.Exit();
        }

        _memory.AsSpan().Fill(new FlatPage?[Slots]);

        FinishMerging();
        Require(Machine.Space.Live(BlockKind.Anonymous) == 0, "anonymous blocks outlive all processes");
        CheckAll();

        for (var f = 0; f < Files; f++)
        {
            if (_files[f] is not null)
            {
                Machine.Volume.Unlink(NameOf(f));
            }
        }

        _held?.Open.Dispose();
        _held = null;
        Keep(0, 0);
        while (_links.Count > 0)
        {
            Unprobe(0);
        }

        Machine.Derived.Shrink(int.MaxValue);
        Machine.Settle();
        Require(Machine.Space.Live(BlockKind.Stored) == 0, "stored blocks outlive all files");
        Require(Machine.Space.Live(BlockKind.Derived) == 0, "derived blocks outlive all files");
        Require(Machine.Cache.Resident == 0 && Machine.Cache.SwapPages.Used == 0, "frames or swap are held by nobody");
        Require(Machine.Inodes.Count == 1, "inodes outlive their names and users");
        Fsck.Require(Machine);
    }

    // Every other step, so that files of equal content, which clones are, are read through one of them where the cache can do that.
    private void ShareContents(Op op)
    {
        for (var file = 0; _kind.Keying == CacheKeying.Content && op.Roll(8, 2) == 0 && file < Files; file++)
        {
            if (_files[file] is not null)
            {
                _notes?.Add($"    share the content of f{file}");
                Try(null, () => Machine.Volume.ShareContent(NameOf(file)));
            }
        }
    }

    private void CheckKept()
    {
        for (var page = 0; _kept is var (inode, flat) && page < flat.PageCount; page++)
        {
            var frame = default(FrameNumber);
            if (Try(null, () => frame = Machine.Pages.Get(inode, new Reflink.Cache.PageUse(inode.Number, new PageIndex(page), AccessKind.Read, default), out _)))
            {
                Compare(Machine.Cache.Frames.Bytes(frame), flat.PageAt(page), $"page {page} of the kept inode");
            }
        }
    }

    private void CheckRules()
    {
        var findings = Fsck.Check(Machine);
        Require(findings.Count == 0, string.Join("\n", findings));
        CheckMembers();
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new Failure(otherwise);
        }
    }

    private static void Compare(ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected, string what)
    {
        var same = found.CommonPrefixLength(expected);
        if (same < Math.Max(found.Length, expected.Length))
        {
            throw new Failure(same < Math.Min(found.Length, expected.Length)
                ? $"byte {same} of {what} is {found[same]}, not {expected[same]}"
                : $"{what} has {found.Length} bytes, not {expected.Length}");
        }
    }

    private void CheckPage(int process, int slot)
    {
        if (_memory[process][slot] is { } page && (page.Protection & Protection.Read) != 0 && !page.IsBehindTheEnd
            && Try(null, () => _processes[process].Memory.Load(AddressOf(slot), _buffer.AsSpan(0, Page.Size))))
        {
            page.Saw(_buffer.AsSpan(0, Page.Size));
            Compare(_buffer.AsSpan(0, Page.Size), page.Shown, $"page {slot} of p{process}");
        }
    }

    private void Compare(OpenFile open, FlatFile flat, string name, int page, int pages)
    {
        Require(open.Size == flat.Size, $"{name} has {open.Size} bytes, not {flat.Size}");
        var read = 0;
        if (Try(null, () => read = open.Read(page * Page.Size, _buffer.AsSpan(0, pages * Page.Size))))
        {
            var length = Math.Clamp(flat.Size - (page * Page.Size), 0, pages * Page.Size);
            Compare(_buffer.AsSpan(0, read), flat.Bytes.AsSpan(page * Page.Size, length), $"{name} from page {page} on");
        }
    }
}

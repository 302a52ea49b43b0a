using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Reflink.Units;

namespace Reflink.Fidelity.Ksm;

/// <summary>A process of a script on the running kernel: its calls, and what /proc shows of it.</summary>
internal sealed class LiveProcess : IDisposable
{
    public const int Map = 9;
    public const int Advise = 28;

    /// <summary>Where page 0 of a script lies.</summary>
    public const ulong Base = 0x10_0000_0000;

    private const int Unmap = 11;
    private const int Control = 157;
    private const ulong SetMemoryMerge = 67;
    private const ulong MergeableAdvice = 12;
    private const ulong UnmergeableAdvice = 13;
    private const ulong DontNeedAdvice = 4;
    private const ulong NoHugePageAdvice = 15;
    private const ulong Shared = 1;
    private const ulong Private = 2;
    private const ulong Anonymous = 0x20;
    private const ulong FixedNoReplace = 0x100000;
    private const ulong ReadWrite = 3;
    private const ulong ReadOnly = 1;
    private readonly Worker _worker;
    private readonly SafeFileHandle _entries;
    private readonly bool[] _wasZero = new bool[KsmState.Pages];
    private readonly bool[] _zeroByScan = new bool[KsmState.Pages];

    public LiveProcess(Worker worker, LiveProcess? parent = null)
    {
        _worker = worker;
        parent?._wasZero.CopyTo(_wasZero, 0);
        parent?._zeroByScan.CopyTo(_zeroByScan, 0);
        _entries = File.OpenHandle($"/proc/{worker.Id}/pagemap", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    }

    public LiveProcess MakeChild() => new(_worker.MakeChild(), this);

    /// <summary>Does what a script tells a process to do, except to fork and to end.</summary>
    public Errno? Apply(KsmOp op)
    {
        var (start, length) = (Address(op.Page), (ulong)op.Count << Page.Shift);
        return op.Verb switch
        {
            KsmVerb.MapAnonymous => MapSmall(start, length, Private | Anonymous),
            KsmVerb.MapSharedAnonymous => MapSmall(start, length, Shared | Anonymous),
            KsmVerb.MapPrivateFile => MapFile(op, ReadWrite, Private),
            KsmVerb.MapSharedFile => MapFile(op, ReadWrite, Shared),
            KsmVerb.MapReadOnlyFile => MapFile(op, ReadOnly, Shared),
            KsmVerb.Unmap => _worker.Try(Unmap, start, length),
            KsmVerb.Write => EachPage(op, page => _worker.Store(Address(page), KsmContents.Bytes(op.Value))),
            KsmVerb.Touch => EachPage(op, Touch),
            KsmVerb.Read => EachPage(op, page => _worker.Load(Address(page), out _)),
            KsmVerb.Mergeable => _worker.Try(Advise, start, length, MergeableAdvice),
            KsmVerb.Unmergeable => _worker.Try(Advise, start, length, UnmergeableAdvice),
            KsmVerb.DontNeed => _worker.Try(Advise, start, length, DontNeedAdvice),
            KsmVerb.MergeAny => MergeAny((ulong)op.Value),
            _ => throw new ArgumentException($"{op} is nothing that a process does"),
        };
    }

    public KsmProcessState Observe(int number, ulong zeroFrame, bool afterScan)
    {
        var stat = File.ReadLines($"/proc/{_worker.Id}/ksm_stat").Select(line => line.Split((char[])[' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(words => words[0], words => words[1]);
        var frames = Frames(zeroFrame);
        HideUnmergedZeroes(frames, afterScan);
        var words = new ulong[KsmState.Pages];
        for (var page = 0; page < words.Length; page++)
        {
            _ = frames[page] == KsmProcessState.NoFrame ? null : _worker.Load(Address(page), out words[page]);
        }

        return new()
        {
            Number = number,
            Items = long.Parse(stat["ksm_rmap_items"]),
            ZeroPages = long.Parse(stat["ksm_zero_pages"]),
            Merging = long.Parse(stat["ksm_merging_pages"]),
            Profit = long.Parse(stat["ksm_process_profit"]),
            MergeAny = stat["ksm_merge_any"] == "yes",
            Mergeable = stat["ksm_mergeable"] == "yes",
            Frames = frames,
            Words = words,
        };
    }

    /// <summary>Whether an anonymous page that was only read shows that frame; ends the process.</summary>
    public bool LoadsFrom(ulong frame)
    {
        using (this)
        {
            _ = Apply(new(KsmVerb.MapAnonymous, Page: 0, Count: 1)) ?? Apply(new(KsmVerb.Read, Page: 0, Count: 1));
            return Frames(frame)[0] == KsmProcessState.ZeroFrame;
        }
    }

    public void Dispose()
    {
        _entries.Dispose();
        _worker.Dispose();
    }

    private static ulong Address(int page) => Base + ((ulong)page << Page.Shift);

    private static Errno? EachPage(KsmOp op, Func<int, Errno?> act)
    {
        for (var page = op.Page; page < op.Page + op.Count; page++)
        {
            if (act(page) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private Errno? Touch(int page)
    {
        if (_worker.Load(Address(page), out var word) is { } error)
        {
            return error;
        }

        return _worker.Store(Address(page), [(byte)(word & 0xFF)]);
    }

    private Errno? MapSmall(ulong start, ulong length, ulong flags) =>
        _worker.Try(Map, start, length, ReadWrite, flags | FixedNoReplace, ulong.MaxValue, 0) ?? _worker.Try(Advise, start, length, NoHugePageAdvice);

    private Errno? MapFile(KsmOp op, ulong protection, ulong flags) =>
        _worker.Try(Map, Address(op.Page), (ulong)op.Count << Page.Shift, protection, flags | FixedNoReplace, WorkerFiles.Script, (ulong)op.Page << Page.Shift);

    // The stack and the program's own mapping are of no script; without them a process is the mappings that a script has made.
    private Errno? MergeAny(ulong on)
    {
        if (_worker.Try(Control, SetMemoryMerge, on, 0, 0, 0) is { } error)
        {
            return error;
        }

        foreach (var (start, end) in _worker.OwnMappings().ToList())
        {
            _worker.Must(Advise, start, end - start, UnmergeableAdvice);
        }

        return null;
    }

    // The zero page is mapped by loads too, of anonymous pages that were never written. Only a scan makes it of a page that was: seen
    // from outside, by when it came.
    private void HideUnmergedZeroes(ulong[] frames, bool afterScan)
    {
        for (var page = 0; page < frames.Length; page++)
        {
            var isZero = frames[page] == KsmProcessState.ZeroFrame;
            _zeroByScan[page] = isZero && (_wasZero[page] ? _zeroByScan[page] : afterScan);
            _wasZero[page] = isZero;
            frames[page] = isZero && !_zeroByScan[page] ? KsmProcessState.NoFrame : frames[page];
        }
    }

    // Documentation/admin-guide/mm/pagemap.rst: bit 63 present, bit 61 file or shared, bits 0 to 54 the frame.
    private ulong[] Frames(ulong zeroFrame)
    {
        Span<byte> entries = stackalloc byte[KsmState.Pages * sizeof(ulong)];
        if (RandomAccess.Read(_entries, entries, (long)(Base >> Page.Shift) * sizeof(ulong)) != entries.Length)
        {
            throw new IOException("pagemap is too short");
        }

        var frames = new ulong[KsmState.Pages];
        for (var page = 0; page < frames.Length; page++)
        {
            var entry = BinaryPrimitives.ReadUInt64LittleEndian(entries[(page * sizeof(ulong))..]);
            var frame = entry & ((1UL << 55) - 1);
            frames[page] = entry >> 63 == 0 || ((entry >> 61) & 1) != 0 ? KsmProcessState.NoFrame : frame == zeroFrame ? KsmProcessState.ZeroFrame : frame;
        }

        return frames;
    }
}

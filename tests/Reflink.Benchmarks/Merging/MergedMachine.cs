using System.IO.Hashing;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Benchmarks.Merging;

/// <summary>A machine with one process, whose memory is filled and advised as a <see cref="MergeProcess"/>'s is.</summary>
internal sealed class MergedMachine : IDisposable
{
    private const long Base = 1L << 32;
    private readonly Machine _machine;
    private readonly Process _process;
    private readonly FrameNumber[] _frames;
    private ulong _sum;

    public MergedMachine(PageLayout layout, int pages)
    {
        _machine = new Machine(new MachineOptions { Memory = (long)(pages + 64) << Page.Shift });
        _machine.Ksm.Tunables.SmartScan = false;
        _frames = new FrameNumber[pages];
        _process = _machine.Processes.Spawn(_machine.Processes.User(0), "merged");
        _process.Memory.MapAnonymous((long)pages << Page.Shift, Protection.Read | Protection.Write, address: Base);
        Span<byte> bytes = stackalloc byte[Page.Size];
        for (var page = 0; page < pages; page++)
        {
            PageContents.Fill(bytes, PageContents.Of(layout, page, pages));
            _process.Memory.Store(Base + ((long)page << Page.Shift), bytes);
        }

        _process.Madvise(Base, (long)pages << Page.Shift, Advice.Mergeable);
    }

    /// <summary>Bytes that are kept for what is remembered of pages.</summary>
    public long MetadataBytes => _machine.Ksm.MetadataBytes;

    /// <summary>What is counted: pages_shared, pages_sharing, pages_unshared, pages_volatile.</summary>
    public (long Shared, long Sharing, long Unshared, long Volatile) Counts =>
        _machine.Ksm.Counters is var c ? (c.PagesShared, c.PagesSharing, c.PagesUnshared, c.PagesVolatile) : default;

    /// <summary>A whole pass of the scanner.</summary>
    public void Pass() => _machine.Ksm.Pass();

    /// <summary>Finds the frames that the pages are in now, for <see cref="Hash"/>.</summary>
    public void Locate()
    {
        var vma = _process.Memory.Find(Base)!;
        for (var page = 0; page < _frames.Length; page++)
        {
            var found = vma.IsFilled(vma.PageOf(VirtualPage.Of(Base) + page), out var block);
            if (!found || !_machine.Cache.TryPeek(block, default, out _frames[page]))
            {
                throw new InvalidOperationException($"page {page} is not in memory");
            }
        }
    }

    /// <summary>Hashes every page, in order, and nothing else.</summary>
    public void Hash()
    {
        foreach (var frame in _frames)
        {
            _sum ^= XxHash3.HashToUInt64(_machine.Cache.Frames.Bytes(frame));
        }
    }

    public void Dispose() => _machine.Dispose();
}

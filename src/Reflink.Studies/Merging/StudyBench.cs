using System.Runtime.InteropServices;
using Reflink.Ksm;
using Reflink.Ksm.Partitions;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Merging;

/// <summary>A machine with processes whose memory is filled by content number: equal numbers, equal bytes.</summary>
internal sealed class StudyBench : IDisposable
{
    /// <summary>Where the memory of every process begins.</summary>
    public const long Base = 0x10_0000_0000;

    /// <summary>The content of empty pages.</summary>
    public const long Empty = 0;

    private const int Spare = 64;
    private readonly ulong _seed;
    private readonly byte[] _page = new byte[Page.Size];

    /// <summary>Switches a machine on.</summary>
    /// <param name="frames">Frames that it has, besides a few to spare.</param>
    /// <param name="seed">What contents are drawn with.</param>
    /// <param name="swap">Pages of swap.</param>
    /// <exception cref="ReflinkException">ENOMEM: more than this host has, or than a machine can have.</exception>
    public StudyBench(long frames, long seed = 1, long swap = 0)
    {
        var most = Math.Min(MachineOptions.MaxFrames, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> Page.Shift);
        if (frames + swap + Spare > most)
        {
            throw new ReflinkException(Errno.ENOMEM, $"{(frames + swap) >> 8} MiB of memory are needed, {most >> 8} MiB can be had; take fewer pages or processes");
        }

        _seed = (ulong)seed;
        Machine = new Machine(new MachineOptions { Memory = (frames + Spare) << Page.Shift, Swap = swap << Page.Shift });
    }

    public Machine Machine { get; }

    public SamepageMerging Ksm => Machine.Ksm;

    /// <summary>Frames that hold a page.</summary>
    public long Frames => Machine.Cache.Resident;

    public void Dispose() => Machine.Dispose();

    public static long At(long page) => Base + (page << Page.Shift);

    /// <summary>Starts a process with anonymous memory at <see cref="Base"/>, a page for each content.</summary>
    public Process Start(User user, string name, IReadOnlyList<long> contents)
    {
        var process = Machine.Processes.Spawn(user, name);
        process.Memory.MapAnonymous(contents.Count * (long)Page.Size, Protection.ReadWrite, address: Base);
        foreach (var (page, content) in contents.Index())
        {
            Fill(content);
            process.Memory.Store(At(page), _page);
        }

        return process;
    }

    /// <summary>Starts a process of a new user of the same name.</summary>
    public Process Start(string name, IReadOnlyList<long> contents) => Start(Machine.Processes.AddUser(name), name, contents);

    /// <summary>Has classic KSM go over pages of a process.</summary>
    public static void Advise(Process process, long pages) => process.Madvise(Base, pages << Page.Shift, Advice.Mergeable);

    /// <summary>A partition of that name without a scanner, made if there is none, merges pages of a process.</summary>
    public void MergeWithin(string name, Process process, long pages)
    {
        using var partition = Ksm.Open(name, KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous);
        partition.Merge(process, Base, pages << Page.Shift);
    }

    /// <summary>Stores a byte and returns how long it took, in nanoseconds.</summary>
    public long Write(Process process, long page)
    {
        var before = Machine.Clock.Now;
        process.Memory.Store(At(page), [0x5a]);
        return Machine.Clock.Now - before;
    }

    /// <summary>The bytes of a content, until the next call.</summary>
    public ReadOnlySpan<byte> Fill(long content)
    {
        _page.AsSpan().Clear();
        if (content != Empty)
        {
            var random = new SplitMix(new SplitMix(_seed).Next() ^ (ulong)content);
            foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(_page.AsSpan()))
            {
                word = random.Next();
            }
        }

        return _page;
    }
}

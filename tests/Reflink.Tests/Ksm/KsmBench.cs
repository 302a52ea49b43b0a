using Reflink.Ksm;
using Reflink.Vm;

namespace Reflink.Tests.Ksm;

/// <summary>A machine with processes whose anonymous pages are filled by content number, for vectors of passes and counters.</summary>
internal sealed class KsmBench(int nodes = 1) : IDisposable
{
    public const long Base = 0x10_0000_0000;

    public Machine Machine { get; } = new(new MachineOptions { Memory = 64 << 20, NumaNodes = nodes });

    public SamepageMerging Ksm => Machine.Ksm;

    public Process Spawn() => Machine.Processes.Spawn(Machine.Processes.User(0), "p");

    /// <summary>Maps pages for a process at <see cref="Base"/>, fills them, and has them merged.</summary>
    public Process Spawn(params ReadOnlySpan<byte> contents)
    {
        var process = Spawn();
        Map(process, 0, contents);
        return process;
    }

    public void Map(Process process, int page, params ReadOnlySpan<byte> contents)
    {
        process.Memory.MapAnonymous((long)contents.Length * Page.Size, Protection.Read | Protection.Write, address: At(page));
        for (var i = 0; i < contents.Length; i++)
        {
            Fill(process, page + i, contents[i]);
        }

        process.Madvise(At(page), (long)contents.Length * Page.Size, Advice.Mergeable);
    }

    public void Fill(Process process, int page, byte content)
    {
        var bytes = new byte[Page.Size];
        bytes.AsSpan().Fill(content);
        process.Memory.Store(At(page), bytes);
    }

    public void Write(Process process, int page, byte value, int offset = 0) => process.Memory.Store(At(page) + offset, [value]);

    public byte Read(Process process, int page, int offset = 0) => process.Memory.Load<byte>(At(page) + offset);

    public void Pass(int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            Ksm.Pass();
            Fsck.Require(Machine);
        }
    }

    public static long At(int page) => Base + ((long)page << Page.Shift);

    /// <summary>shared/sharing/unshared/volatile.</summary>
    public string Counts => $"{Ksm.Counters.PagesShared}/{Ksm.Counters.PagesSharing}/{Ksm.Counters.PagesUnshared}/{Ksm.Counters.PagesVolatile}";

    public void Dispose() => Machine.Dispose();
}

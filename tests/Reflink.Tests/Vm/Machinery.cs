using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>A machine with a file of four pages, each full of its own number, and a process.</summary>
public abstract class Machinery : IDisposable
{
    protected const int Size = Page.Size;

    protected Machinery()
    {
        Machine = new Machine(new MachineOptions { Memory = 64 << Page.Shift, Swap = 64 << Page.Shift });
        File = Machine.Volume.Create("/f");
        for (var page = 0; page < 4; page++)
        {
            var bytes = new byte[Size];
            bytes.AsSpan().Fill((byte)(page + 1));
            File.Write(page * Size, bytes);
        }

        Process = Spawn();
    }

    protected Machine Machine { get; }

    protected OpenFile File { get; }

    protected Process Process { get; }

    protected AddressSpace Memory => Process.Memory;

    public void Dispose()
    {
        File.Dispose();
        Machine.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static byte Load(Process process, long address)
    {
        Span<byte> one = stackalloc byte[1];
        process.Memory.Load(address, one);
        return one[0];
    }

    protected static void Fails(Errno error, Action act) => Assert.Equal(error, Assert.Throws<ReflinkException>(act).Error);

    protected Process Spawn() => Machine.Processes.Spawn(Machine.Processes.User(0), "p");

    protected byte Load(long address) => Load(Process, address);

    protected void Store(long address, byte value) => Memory.Store(address, [value]);

    /// <summary>How many minor and major faults the process has from doing it.</summary>
    protected (long Minor, long Major) Faults(Action act)
    {
        var (minor, major) = (Process.MinorFaults, Process.MajorFaults);
        act();
        return (Process.MinorFaults - minor, Process.MajorFaults - major);
    }

    /// <summary>Puts every frame that may leave out of memory.</summary>
    protected void EvictAll()
    {
        for (var n = 0; n < Machine.Cache.HighWater; n++)
        {
            Machine.Cache.Reclaimer.TryEvict(new FrameNumber(n));
        }
    }
}

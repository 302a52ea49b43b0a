namespace Reflink.IO.Abstractions.Tests;

/// <summary>A machine, and a filesystem over its volume. The machine is checked in the end.</summary>
public abstract class VolumeTest : IDisposable
{
    protected VolumeTest()
    {
        Machine = new Machine(new MachineOptions { Memory = 4 << 20 });
        Fs = new VolumeFileSystem(Machine.Volume);
    }

    protected Machine Machine { get; }

    protected IFileSystem Fs { get; }

    public void Dispose()
    {
        Fsck.Require(Machine);
        Machine.Dispose();
        GC.SuppressFinalize(this);
    }
}

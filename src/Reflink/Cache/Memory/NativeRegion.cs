namespace Reflink.Cache.Memory;

/// <summary>
/// A range of zeroed native memory that takes nothing from this computer until it is used, so that a machine of 64 GiB that uses
/// 10 MiB costs 10 MiB. How it is reserved depends on the platform (<see cref="NativeMemories"/>).
/// </summary>
internal sealed unsafe class NativeRegion : IDisposable
{
    private readonly INativeMemory _memory;
    private byte* _address;

    /// <summary>Reserves that many bytes in the platform's way.</summary>
    /// <exception cref="ReflinkException">ENOMEM: the address space, or the memory, is not there.</exception>
    public NativeRegion(long length)
        : this(length, NativeMemories.Chosen)
    {
    }

    /// <summary>Reserves that many bytes in a given way.</summary>
    /// <exception cref="ReflinkException">ENOMEM: the address space, or the memory, is not there.</exception>
    public NativeRegion(long length, INativeMemory memory)
    {
        (_memory, Length) = (memory, Math.Max(length, 1));
        _address = memory.Reserve((nuint)Length);
        if (_address == null)
        {
            throw new ReflinkException(
                Errno.ENOMEM, $"cannot reserve {length} bytes of address space; make the machine's memory smaller or raise ulimit -v");
        }
    }

    /// <summary>Where the range begins; null after disposal.</summary>
    public byte* Address => _address;

    /// <summary>How many bytes it has.</summary>
    public long Length { get; }

    /// <summary>Makes bytes usable; they are zeroes if they never were. Must be called before the first use, and costs little when repeated.</summary>
    /// <exception cref="ReflinkException">ENOMEM: this computer has no memory left for them.</exception>
    public void Commit(long offset, long length)
    {
        if (!_memory.TryCommit(_address + offset, (nuint)length))
        {
            throw new ReflinkException(Errno.ENOMEM, $"this computer has no {length} bytes left for the machine's memory; make that smaller");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_address != null)
        {
            _memory.Free(_address, (nuint)Length);
            _address = null;
        }
    }
}

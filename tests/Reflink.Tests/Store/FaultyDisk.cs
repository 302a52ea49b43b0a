using Reflink.Fidelity.Crash;
using Reflink.Store.Disks;

namespace Reflink.Tests.Store;

/// <summary>A disk that does what it is asked for a number of calls, and from then on fails, is full, or forgets what it says it wrote.</summary>
internal sealed class FaultyDisk(CrashDisk inner, int calls, DiskFault fault) : IDisk
{
    private const int IoError = 5;
    private const int Full = 28;

    private int _left = calls;

    public string Place => inner.Place;

    public IDiskFile Manifest => new FaultyFile(this, inner.Manifest);

    public IReadOnlyList<string> Names => inner.Names;

    /// <summary>Whether calls go wrong; false makes the disk good again.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Whether a call went wrong so far.</summary>
    public bool Struck { get; private set; }

    public IDiskFile Create(string name, long size)
    {
        _ = IsLost(isWrite: true);
        return new FaultyFile(this, inner.Create(name, size));
    }

    public IDiskFile Open(string name) => new FaultyFile(this, inner.Open(name));

    public void Delete(string name) => inner.Delete(name);

    public void Flush()
    {
        _ = IsLost(isWrite: false);
        inner.Flush();
    }

    public void Dispose() => inner.Dispose();

    // A full disk flushes what it has.
    private bool IsLost(bool isWrite)
    {
        if (!IsOn || _left-- > 0 || (fault != DiskFault.Fails && !isWrite))
        {
            return false;
        }

        Struck = true;
        return fault switch
        {
            DiskFault.Fails => throw new IOException("Input/output error", IoError),
            DiskFault.Full => throw new IOException("No space left on device", Full),
            _ => true,
        };
    }

    private sealed class FaultyFile(FaultyDisk disk, IDiskFile inner) : IDiskFile
    {
        public long Length => inner.Length;

        public int Read(long at, Span<byte> into) => inner.Read(at, into);

        public void Write(long at, ReadOnlySpan<byte> bytes)
        {
            // What was lied about reads as zeroes, where nothing was before.
            if (!disk.IsLost(isWrite: true))
            {
                inner.Write(at, bytes);
            }
        }

        public void Dispose() => inner.Dispose();
    }
}

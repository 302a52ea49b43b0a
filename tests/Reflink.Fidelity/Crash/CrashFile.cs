using Reflink.Store.Disks;

namespace Reflink.Fidelity.Crash;

/// <summary>A file of a <see cref="CrashDisk"/>.</summary>
internal sealed class CrashFile(CrashDisk disk, string name, byte[] bytes) : IDiskFile
{
    private byte[] _bytes = bytes.Length > 0 ? (byte[])bytes.Clone() : [];

    public long Length { get; private set; } = bytes.Length;

    public int Read(long at, Span<byte> into)
    {
        var count = (int)Math.Clamp(Length - at, 0, into.Length);
        _bytes.AsSpan((int)Math.Min(at, Length), count).CopyTo(into);
        return count;
    }

    public void Write(long at, ReadOnlySpan<byte> written)
    {
        disk.Events.Add(new(DiskAct.Write, name, at, written.ToArray()));
        Length = Math.Max(Length, at + written.Length);
        if (_bytes.Length < Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(Length, Math.Min(2 * Length, Length + (1 << 16))));
        }

        written.CopyTo(_bytes.AsSpan((int)at));
    }

    public void Dispose()
    {
    }
}

namespace Reflink.Benchmarks.Derived;

/// <summary>Every variant is a copy that is read and written, and then changed.</summary>
internal sealed class CopiedVariants(string folder, VariantBytes bytes) : HostVariants(folder, bytes)
{
    private readonly byte[] _buffer = new byte[VariantBytes.Chunk];

    /// <inheritdoc/>
    public override string Name => "full copy";

    /// <inheritdoc/>
    public override string Note => "read, write, pwrite; XFS without reflink";

    /// <inheritdoc/>
    public override void Make(string name, int number)
    {
        using var source = File.OpenHandle(Base);
        using var target = File.OpenHandle(PathOf(name), FileMode.CreateNew, FileAccess.ReadWrite);
        for (var at = 0L; at < VariantBytes.Size; at += VariantBytes.Chunk)
        {
            var length = RandomAccess.Read(source, _buffer, at);
            RandomAccess.Write(target, _buffer.AsSpan(0, length), at);
        }

        Change(target, number);
    }
}

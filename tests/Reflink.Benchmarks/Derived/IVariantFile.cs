namespace Reflink.Benchmarks.Derived;

/// <summary>A variant that is open for reading.</summary>
internal interface IVariantFile : IDisposable
{
    /// <summary>Reads bytes; returns how many there were.</summary>
    int Read(long offset, Span<byte> into);
}

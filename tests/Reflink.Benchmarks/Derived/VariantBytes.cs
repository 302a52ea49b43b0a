using Reflink.Descriptions;

namespace Reflink.Benchmarks.Derived;

/// <summary>
/// A file of noise and its variants, flat: in each variant another byte stands in some pages, one a page. A variant's number decides which.
/// </summary>
/// <param name="changesEach">How many bytes of a variant are changed.</param>
internal sealed class VariantBytes(int changesEach = VariantBytes.OneOfHundred)
{
    /// <summary>Bytes of the file.</summary>
    public const int Size = 64 << 20;

    /// <summary>Pages of the file.</summary>
    public const int Pages = Size / Page.Size;

    /// <summary>One page of a hundred.</summary>
    public const int OneOfHundred = (Pages + 99) / 100;

    /// <summary>Files are written, read and compared in pieces of this size.</summary>
    public const int Chunk = 1 << 20;

    private readonly byte[] _flat = Noise();
    private readonly Dictionary<int, (long Offset, byte Value)[]> _changes = [];
    private readonly byte[] _expected = new byte[Chunk];

    /// <summary>The bytes of the base.</summary>
    public ReadOnlySpan<byte> Base => _flat;

    /// <summary>The changes of a variant, in order.</summary>
    public (long Offset, byte Value)[] Changes(int number) =>
        _changes.TryGetValue(number, out var known) ? known : _changes[number] = MakeChanges(number);

    /// <summary>A variant, as a description of its changes to /base.</summary>
    public ChangeDescription Describe(int number)
    {
        var builder = new ChangeDescription.Builder(new DescribedBase(Size, "/base"));
        foreach (var (offset, value) in Changes(number))
        {
            builder.Write(offset, [value]);
        }

        return builder.Build();
    }

    /// <summary>Reads all of a variant and compares it; returns how many pieces of 1 MiB were wrong.</summary>
    /// <param name="number">The variant.</param>
    /// <param name="file">What is read.</param>
    /// <param name="buffer">Of one piece's size.</param>
    public int CountWrong(int number, IVariantFile file, byte[] buffer)
    {
        var (changes, next, wrong) = (Changes(number), 0, 0);
        for (var at = 0; at < Size; at += Chunk)
        {
            Base.Slice(at, Chunk).CopyTo(_expected);
            for (; next < changes.Length && changes[next].Offset < at + Chunk; next++)
            {
                _expected[changes[next].Offset - at] = changes[next].Value;
            }

            wrong += file.Read(at, buffer) == Chunk && buffer.AsSpan().SequenceEqual(_expected) ? 0 : 1;
        }

        return wrong;
    }

    private static byte[] Noise()
    {
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private (long Offset, byte Value)[] MakeChanges(int number)
    {
        var random = new Random(number);
        var pages = new HashSet<int>();
        while (pages.Count < changesEach)
        {
            pages.Add(random.Next(Pages));
        }

        return [.. pages.Order().Select(page => Change(((long)page << Page.Shift) + random.Next(Page.Size)))];
    }

    private (long Offset, byte Value) Change(long offset) => (offset, (byte)(_flat[offset] ^ 0xFF));
}

using Reflink.Measuring;

namespace Reflink.Benchmarks.Derived;

/// <summary>Variants that are derived from descriptions, which are made beforehand.</summary>
internal sealed class OurVariants : IVariants
{
    private readonly Dictionary<int, ChangeDescription> _descriptions = [];
    private readonly VariantBytes _bytes;

    /// <summary>Makes a machine with the base in it.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="memory">The machine's memory.</param>
    /// <param name="store">Where its disk is; in memory if nothing is said.</param>
    public OurVariants(VariantBytes bytes, long memory, StoreOptions? store = null)
    {
        _bytes = bytes;
        Machine = new Machine(new MachineOptions { Memory = memory, Store = store });
        using var file = Machine.Volume.Create("/base");
        for (var at = 0; at < VariantBytes.Size; at += VariantBytes.Chunk)
        {
            file.Write(at, bytes.Base.Slice(at, VariantBytes.Chunk));
        }
    }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <inheritdoc/>
    public string Name => Contestant.Ours;

    /// <inheritdoc/>
    public string Note => "Derive, of a description that is there";

    /// <summary>Blocks of the volume that are used.</summary>
    public long BlocksUsed => Machine.Volume.Blocks.Total - Machine.Volume.Blocks.Free;

    /// <summary>Makes a variant's description beforehand.</summary>
    public void Describe(int number) => _descriptions.TryAdd(number, _bytes.Describe(number));

    /// <inheritdoc/>
    public void Make(string name, int number) => Machine.Volume.Derive(_descriptions[number], "/" + name);

    /// <inheritdoc/>
    public void Remove(string name)
    {
        Machine.Volume.Unlink("/" + name);
        Machine.Settle();
    }

    /// <inheritdoc/>
    public IVariantFile Open(string name) => Reading(Machine.Volume.Open("/" + name));

    /// <summary>A file of a volume, for <see cref="VariantBytes.CountWrong"/>.</summary>
    public static IVariantFile Reading(OpenFile file) => new Opened(file);

    /// <inheritdoc/>
    public void Dispose() => Machine.Dispose();

    private sealed class Opened(OpenFile file) : IVariantFile
    {
        public int Read(long offset, Span<byte> into) => file.Read(offset, into);

        public void Dispose() => file.Dispose();
    }
}

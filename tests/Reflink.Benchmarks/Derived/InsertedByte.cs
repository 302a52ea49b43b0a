using System.Globalization;
using Reflink.Descriptions;
using Reflink.Files;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Derived;

/// <summary>A byte that is put in front of a file: every page behind it is made of two pages of the base, the worst case of a derived file.</summary>
internal sealed class InsertedByte : IDisposable
{
    private const string Making = "insert a byte in front of 64 MiB";
    private const string FirstReading = "first read of all, every page mixed";
    private const string Reading = "second read of all, every page mixed";
    private readonly OurVariants _ours;
    private readonly ChangeDescription _description = new ChangeDescription.Builder(new DescribedBase(VariantBytes.Size, "/base")).Insert(0, [1]).Build();
    private readonly byte[] _buffer = new byte[VariantBytes.Chunk];
    private readonly string _note;

    /// <summary>Makes the base, counts what the derived file is made of, and compares its bytes.</summary>
    public InsertedByte(VariantBytes bytes)
    {
        _ours = new OurVariants(bytes, 256 << 20);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Make();
        var managed = GC.GetTotalMemory(forceFullCollection: true) - before;
        var pages = Volume.Extents("/inserted").Where(e => (e.Flags & ExtentFlags.Encoded) != 0).Sum(e => e.Length);
        _note = string.Create(
            CultureInfo.InvariantCulture,
            $"a byte in front of 64 MiB: a description of {_description.Count} pieces, {pages:N0} of {VariantBytes.Pages + 1:N0} pages derived, {managed / (double)(1 << 20):0.00} MiB of recipes and maps");
        Compare(bytes);
        _ours.Remove("inserted");
    }

    /// <summary>What is timed.</summary>
    public IEnumerable<Contestant> Contestants =>
    [
        new(Making, Contestant.Ours, lap => Run(lap, timed: Making)),
        new(FirstReading, Contestant.Ours, lap => Run(lap, timed: FirstReading)) { Note = "the base in memory" },
        new(Reading, Contestant.Ours, lap => Run(lap, timed: Reading)) { Note = "the pages are in memory" },
    ];

    /// <summary>What the file is made of.</summary>
    public string Describe() => _note;

    /// <inheritdoc/>
    public void Dispose() => _ours.Dispose();

    private Volume Volume => _ours.Machine.Volume;

    private void Make() => Volume.Derive(_description, "/inserted");

    private void Run(Lap lap, string timed)
    {
        foreach (var (step, act) in ((string, Action)[])[(Making, Make), (FirstReading, ReadAll), (Reading, ReadAll)])
        {
            if (step == timed)
            {
                lap.Start();
                act();
                lap.Stop();
                break;
            }

            act();
        }

        _ours.Remove("inserted");
    }

    private void ReadAll()
    {
        using var file = Volume.Open("/inserted");
        for (var at = 0L; at < file.Size; at += file.Read(at, _buffer))
        {
        }
    }

    private void Compare(VariantBytes bytes)
    {
        using var file = Volume.Open("/inserted");
        for (var at = 0; at < VariantBytes.Size; at += VariantBytes.Chunk)
        {
            if (file.Read(at + 1, _buffer) != VariantBytes.Chunk || !bytes.Base.Slice(at, VariantBytes.Chunk).SequenceEqual(_buffer))
            {
                throw new InvalidOperationException($"a byte in front: wrong at {at}");
            }
        }
    }
}

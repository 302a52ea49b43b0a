using Reflink.Cache.Memory;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Derived;

/// <summary>The first read of a page that is made of two, beside the first write to a clone's page, which copies one, and bare copies.</summary>
internal sealed unsafe class FirstTouch : IDisposable
{
    private const string Discipline = "first touch of a mixed page";
    private const string Copying = "first write to a clone";
    private const int Stretches = 25;
    private readonly OurVariants _ours;
    private readonly OpenFile _derived;
    private readonly OpenFile _base;
    private readonly NativeRegion _region = new(VariantBytes.Size);
    private readonly long[] _pages;
    private readonly byte[] _page = new byte[Page.Size];

    /// <summary>Makes the files.</summary>
    public FirstTouch(VariantBytes bytes)
    {
        _ours = new OurVariants(bytes, 256 << 20);
        _ours.Describe(1);
        _ours.Make("derived", 1);
        _derived = _ours.Machine.Volume.Open("/derived");
        _base = _ours.Machine.Volume.Open("/base");
        _pages = [.. bytes.Changes(1).Select(c => c.Offset & -Page.Size)];
        // In random order, so that nothing is read ahead.
        new Random(1).Shuffle(_pages);
        for (var at = 0; at < VariantBytes.Size; at += VariantBytes.Chunk)
        {
            bytes.Base.Slice(at, VariantBytes.Chunk).CopyTo(new Span<byte>(_region.Address + at, VariantBytes.Chunk));
        }
    }

    /// <summary>What is compared.</summary>
    public IEnumerable<Contestant> Contestants =>
    [
        new(Discipline, Contestant.Ours, lap => Repeat(lap, Touch)) { Note = "read 4 KiB; the page was dropped, the base's is in memory" },
        new(Discipline, Copying, lap => Repeat(lap, Write)) { Note = "1 byte; copies a page" },
        new(Discipline, "read, in memory", lap => Repeat(lap, l => Read(l, _base))) { Note = "4 KiB of the base" },
        new(Discipline, "bare copy", lap => Repeat(lap, Copy)) { Note = "Span.CopyTo of 4 KiB" },
    ];

    /// <summary>What was asked.</summary>
    public static IEnumerable<Claim> Claims(IReadOnlyList<Standing> standings)
    {
        var copying = standings.Single(s => s.Contestant.Discipline == Discipline && s.Contestant.Name == Copying);
        yield return Claim.Most("first touch of a mixed page to a page copied by a write", 1 / copying.Ratio, 2, "×");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _derived.Dispose();
        _base.Dispose();
        _ours.Dispose();
        _region.Dispose();
    }

    // The median stretch is one in which the processor's caches hold what they can, for everybody alike.
    private static void Repeat(Lap lap, Action<Lap> stretch)
    {
        for (var i = 0; i < Stretches; i++)
        {
            stretch(lap);
        }
    }

    private void Touch(Lap lap)
    {
        foreach (var page in _pages)
        {
            _derived.Evict(page, Page.Size);
        }

        Read(lap, _derived);
    }

    private void Read(Lap lap, OpenFile file)
    {
        lap.Start();
        foreach (var page in _pages)
        {
            file.Read(page, _page);
        }

        lap.Stop(_pages.Length);
    }

    private void Write(Lap lap)
    {
        var volume = _ours.Machine.Volume;
        volume.Clone("/base", "/clone");
        using (var clone = volume.Open("/clone", OpenFlags.ReadWrite))
        {
            lap.Start();
            foreach (var page in _pages)
            {
                clone.Write(page, [1]);
            }

            lap.Stop(_pages.Length);
        }

        _ours.Remove("clone");
    }

    private void Copy(Lap lap)
    {
        lap.Start();
        foreach (var page in _pages)
        {
            new ReadOnlySpan<byte>(_region.Address + page, Page.Size).CopyTo(_page);
        }

        lap.Stop(_pages.Length);
    }
}

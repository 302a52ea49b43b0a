using Reflink.Measuring;

namespace Reflink.Benchmarks.Derived;

/// <summary>Variants of a file of 64 MiB made, read for the first time, and read at random, by us and others.</summary>
internal sealed class VariantContest : IDisposable
{
    public const string Making = "make a variant of 64 MiB, 164 bytes changed";
    public const string Reading = "first read of all of it";
    public const string RandomReading = "random read of 4 KiB";
    private const int Number = 1;
    private const int Reads = 4096;
    private const int LittleMemory = VariantBytes.Size / 4;

    private readonly OurVariants _ours;
    private readonly OurVariants _small;
    private readonly VariantPeers _peers;
    private readonly byte[] _buffer = new byte[VariantBytes.Chunk];
    private readonly Random _random = new(1);
    private readonly Dictionary<IVariants, IVariantFile> _kept = [];

    /// <summary>Sets all up, and checks that everybody's variant is right, byte by byte.</summary>
    public VariantContest(VariantBytes bytes)
    {
        (_ours, _small, _peers) = (new OurVariants(bytes, 1L << 30), new OurVariants(bytes, LittleMemory), new VariantPeers(bytes));
        _ours.Describe(Number);
        _small.Describe(Number);
        foreach (var side in (IEnumerable<IVariants>)[_ours, _small, .. _peers.All.Select(p => p.Peer).OfType<IVariants>()])
        {
            side.Make("kept", Number);
            _kept[side] = side.Open("kept");
            var wrong = bytes.CountWrong(Number, _kept[side], _buffer);
            if (wrong > 0)
            {
                throw new InvalidOperationException($"{side.Name}: {wrong} MiB of the variant are wrong");
            }
        }
    }

    /// <summary>The XFS, for others to measure on.</summary>
    public VariantPeers Peers => _peers;

    /// <summary>Everybody, in every discipline.</summary>
    public IEnumerable<Contestant> Contestants =>
    [
        .. All(Making, _ours, (lap, side) => Make(lap, side), side => side.Note),
        .. All(Reading, _ours, (lap, side) => ReadAll(lap, side), side => side == _ours ? "1 MiB at a time, the base in memory" : "1 MiB at a time, right after making"),
        .. All(RandomReading, _small, (lap, side) => ReadRandomly(lap, side), side => side == _small ? "a machine of 16 MiB, its disk in memory" : "the host's memory"),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _kept.Values)
        {
            file.Dispose();
        }

        _ours.Dispose();
        _small.Dispose();
        _peers.Dispose();
    }

    private IEnumerable<Contestant> All(string discipline, IVariants ours, Action<Lap, IVariants> run, Func<IVariants, string> note)
    {
        yield return new Contestant(discipline, ours.Name, lap => run(lap, ours)) { Note = note(ours) };
        foreach (var (name, peer, why) in _peers.All)
        {
            yield return peer is null
                ? Contestant.Absent(discipline, name, why)
                : new Contestant(discipline, name, lap => run(lap, peer)) { Note = note(peer), WarmUps = 1 };
        }
    }

    private static void Make(Lap lap, IVariants side)
    {
        lap.Start();
        side.Make("made", Number);
        lap.Stop();
        side.Remove("made");
    }

    private void ReadAll(Lap lap, IVariants side)
    {
        side.Make("read", Number);
        lap.Start();
        using (var file = side.Open("read"))
        {
            for (var at = 0L; at < VariantBytes.Size; at += _buffer.Length)
            {
                file.Read(at, _buffer);
            }
        }

        lap.Stop();
        side.Remove("read");
    }

    private void ReadRandomly(Lap lap, IVariants side)
    {
        var file = _kept[side];
        lap.Start();
        for (var i = 0; i < Reads; i++)
        {
            file.Read((long)_random.Next(VariantBytes.Pages) << Page.Shift, _buffer.AsSpan(0, Page.Size));
        }

        lap.Stop(Reads);
    }
}

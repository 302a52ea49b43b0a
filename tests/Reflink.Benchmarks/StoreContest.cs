using System.Globalization;
using System.Runtime.InteropServices;
using FASTER.core;
using Reflink.Measuring;
using Reflink.Store;
using Reflink.Units;

namespace Reflink.Benchmarks;

/// <summary>Pages of our store, beside FASTER itself with the same memory and records.</summary>
internal sealed unsafe class StoreContest : IDisposable
{
    private const string Faster = "FasterKV";
    private const int Pages = 1 << 16;
    private const int Operations = 7 * Batch;
    private const int Batch = 64;
    private const int Stretches = 25;

    private readonly FasterPageStore _ours;
    private readonly PlainFaster _peer;
    private readonly string _where;
    private readonly byte[] _page = new byte[Page.Size];
    private readonly byte* _batch = (byte*)NativeMemory.Alloc(Batch * Page.Size);
    private readonly PageRead[] _reads = new PageRead[Batch];
    private readonly Random _random = new(1);

    private StoreContest(FasterPageStore ours, PlainFaster peer, string where)
    {
        (_ours, _peer, _where) = (ours, peer, where);
        for (var n = 1; n <= Pages; n++)
        {
            _random.NextBytes(_page);
            _ours.Write(Block(n), _page);
            _peer.Write(n, _page);
        }
    }

    public IReadOnlyList<Contestant> Contestants =>
    [
        new(Reading, Contestant.Ours, lap => Run(lap, n => _ours.Read(Block(n), _page))) { Note = "on files, checksum verified" },
        new(Reading, Faster, lap => Run(lap, n => _peer.Read(n, _page))) { Note = "each read completed, nothing verified" },
        new(Reading64, Contestant.Ours, lap => Run(lap, Batch, _ => ReadBatch())) { Note = "one call" },
        new(Reading64, Faster, lap => Run(lap, Batch, _ => _peer.ReadMany(Batch, () => _random.Next(Pages) + 1, _page))) { Note = "all asked for, then completed" },
        new(Writing, Contestant.Ours, lap => Run(lap, n => _ours.Write(Block(n), _page))) { Note = "on files, checksum made, compacting as it goes" },
        new(Writing, Faster, lap => Run(lap, n => _peer.Write(n, _page))) { Note = "no checksum, nothing compacted" },
    ];

    private string Reading => $"store read, {_where}";

    private string Reading64 => $"store read, 64 at once, {_where}";

    private string Writing => $"store overwrite, {_where}";

    /// <summary>On files, most of them out of the stores' memory; FASTER has its own device.</summary>
    public static StoreContest OnFiles(ScratchDisk disk)
    {
        const int Memory = 32 << 20;
        Directory.CreateDirectory(disk.Of("peer"));
        return new(
            new FasterPageStore(new StoreOptions { Folder = disk.Of("ours"), Memory = Memory }),
            new PlainFaster(Devices.CreateLogDevice(Path.Combine(disk.Of("peer"), "plain"), deleteOnClose: true), Memory, mutableFraction: 0.9),
            string.Create(CultureInfo.InvariantCulture, $"{Memory >> 20} of {Pages * (long)Page.Size >> 20} MiB in memory"));
    }

    /// <summary>All in memory, and all of it mutable.</summary>
    public static StoreContest InMemory() => new(
        new FasterPageStore(), new PlainFaster(new NullDevice(), 1L << 30, mutableFraction: 1), $"{Pages * (long)Page.Size >> 20} MiB, all in memory");

    /// <summary>That a page takes at most so many times FASTER's own time.</summary>
    public IEnumerable<Claim> Claims(IReadOnlyList<Standing> standings, double most) =>
    [
        Claim.Most("read a page of the store, ours to FASTER's", OursToFaster(standings, Reading), most, "×"),
        Claim.Most("overwrite a page of the store, ours to FASTER's", OursToFaster(standings, Writing), most, "×"),
    ];

    public void Dispose()
    {
        NativeMemory.Free(_batch);
        _peer.Dispose();
        _ours.Dispose();
    }

    private static double? OursToFaster(IReadOnlyList<Standing> standings, string discipline) =>
        1 / standings.Single(s => s.Contestant.Discipline == discipline && s.Contestant.Name == Faster).Ratio;

    private static BlockNumber Block(int n) => BlockNumber.Of(BlockKind.Stored, n);

    private void ReadBatch()
    {
        for (var n = 0; n < Batch; n++)
        {
            _reads[n] = new PageRead(Block(_random.Next(Pages) + 1), _batch + (n * Page.Size));
        }

        _ours.Read(_reads);
    }

    private void Run(Lap lap, Action<int> act) => Run(lap, 1, act);

    private void Run(Lap lap, int pages, Action<int> act)
    {
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            lap.Start();
            for (var n = 0; n < Operations; n += pages)
            {
                act(_random.Next(Pages) + 1);
            }

            lap.Stop(Operations);
        }
    }
}

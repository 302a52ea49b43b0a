using System.Globalization;
using System.Runtime.InteropServices;
using Reflink.Measuring;
using Reflink.Store;
using Reflink.Units;

namespace Reflink.Benchmarks;

/// <summary>Pages of the store on files, beside FASTER itself with the same memory and records.</summary>
internal sealed unsafe class StoreContest : IDisposable
{
    public const string Faster = "FasterKV";
    private const int Pages = 1 << 16;
    private const int Memory = 32 << 20;
    private const int Operations = 2_048;
    private const int Batch = 64;
    private const int Stretches = 5;

    private readonly FasterPageStore _ours;
    private readonly PlainFaster _peer;
    private readonly byte[] _page = new byte[Page.Size];
    private readonly byte* _batch = (byte*)NativeMemory.Alloc(Batch * Page.Size);
    private readonly PageRead[] _reads = new PageRead[Batch];
    private readonly Random _random = new(1);

    public StoreContest(ScratchDisk disk)
    {
        _ours = new FasterPageStore(new StoreOptions { Folder = disk.Of("ours"), Memory = Memory });
        Directory.CreateDirectory(disk.Of("peer"));
        _peer = new PlainFaster(disk.Of("peer"), Memory, 1 << 20);
        for (var n = 1; n <= Pages; n++)
        {
            _random.NextBytes(_page);
            _ours.Write(Block(n), _page);
            _peer.Write(n, _page);
        }
    }

    public IReadOnlyList<Contestant> Contestants =>
    [
        new(Reading, Contestant.Ours, lap => Run(lap, n => _ours.Read(Block(n), _page))) { Note = "checksum verified" },
        new(Reading, Faster, lap => Run(lap, n => _peer.Read(n, _page))) { Note = "its own device, each read completed" },
        new(Reading64, Contestant.Ours, lap => Run(lap, Batch, _ => ReadBatch())) { Note = "one call" },
        new(Reading64, Faster, lap => Run(lap, Batch, _ => _peer.ReadMany(Batch, () => _random.Next(Pages) + 1, _page))) { Note = "all asked for, then completed" },
        new(Writing, Contestant.Ours, lap => Run(lap, n => _ours.Write(Block(n), _page))) { Note = "checksum made, compacting as it goes" },
        new(Writing, Faster, lap => Run(lap, n => _peer.Write(n, _page))) { Note = "its own device, nothing compacted" },
    ];

    public static string Reading { get; } = Name("read");

    public static string Reading64 { get; } = Name("read, 64 at once");

    public static string Writing { get; } = Name("overwrite");

    public void Dispose()
    {
        NativeMemory.Free(_batch);
        _peer.Dispose();
        _ours.Dispose();
    }

    private static string Name(string what) => string.Create(
        CultureInfo.InvariantCulture, $"{what}, {Memory >> 20} of {Pages * (long)Page.Size >> 20} MiB in memory");

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

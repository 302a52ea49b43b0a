using System.Globalization;
using Reflink.Measuring;
using Reflink.Store;
using Reflink.Units;

namespace Reflink.Benchmarks;

/// <summary>Pages of the store on files, beside FASTER itself with the same memory and records.</summary>
internal sealed class StoreContest : IDisposable
{
    public const string Faster = "FasterKV";
    private const int Pages = 1 << 16;
    private const int Memory = 32 << 20;
    private const int Operations = 2_000;
    private const int Stretches = 5;

    private readonly FasterPageStore _ours;
    private readonly PlainFaster _peer;
    private readonly byte[] _page = new byte[Page.Size];
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
        new(Writing, Contestant.Ours, lap => Run(lap, n => _ours.Write(Block(n), _page))) { Note = "checksum made, compacting as it goes" },
        new(Writing, Faster, lap => Run(lap, n => _peer.Write(n, _page))) { Note = "its own device, nothing compacted" },
    ];

    public static string Reading { get; } = Name("read");

    public static string Writing { get; } = Name("overwrite");

    public void Dispose()
    {
        _peer.Dispose();
        _ours.Dispose();
    }

    private static string Name(string what) => string.Create(
        CultureInfo.InvariantCulture, $"{what}, {Memory >> 20} of {Pages * (long)Page.Size >> 20} MiB in memory");

    private static BlockNumber Block(int n) => BlockNumber.Of(BlockKind.Stored, n);

    private void Run(Lap lap, Action<int> act)
    {
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            lap.Start();
            for (var n = 0; n < Operations; n++)
            {
                act(_random.Next(Pages) + 1);
            }

            lap.Stop(Operations);
        }
    }
}

using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;

namespace Reflink.Cluster.Grains;

/// <summary>
/// The results of some runs of a study. They lie in storage as a row of blocks of which only the last one is rewritten, so that a write costs what one block
/// is long however much there is. In memory are the last block and, of each run, a hash. Many calls wait for one write.
/// </summary>
[RandomPlacement, Reentrant]
internal sealed partial class SegmentGrain(
    [FromKeyedServices(StoreNames.Studies)] IGrainStorage storage, ILogger<SegmentGrain> log) : Grain, ISegmentGrain
{
    /// <summary>A block that reaches this many bytes is not written again: small beside what a disk or a network moves in a millisecond, large beside a request.</summary>
    private const int BlockSize = 128 << 10;

    private readonly IGrainStorage _storage = storage;
    private readonly ILogger<SegmentGrain> _log = log;
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<int, Entry> _byRun = [];
    private readonly List<StoredRun> _waiting = [];
    private GrainState<SegmentBlock> _last = new(new SegmentBlock());
    private int _lastBlock;
    private long _lastSize;
    private Task? _writing;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        for (_lastBlock = 0; ; _lastBlock++)
        {
            var block = await Read(_lastBlock);
            if (!block.RecordExists)
            {
                break;
            }

            block.State!.Runs.ForEach(run => Note(run, _lastBlock));
            (_last, _lastSize) = (block, block.State!.Runs.Sum(SizeOf));
        }

        _lastBlock = Math.Max(0, _lastBlock - 1);
    }

    public async Task<Kept> Put(StoredRun[] runs)
    {
        var (repeated, different) = (0, new List<int>());
        foreach (var run in runs)
        {
            // What waits to be written was not there before either.
            if (_byRun.TryGetValue(run.Run, out var before))
            {
                repeated++;
                if (!before.Hash.AsSpan().SequenceEqual(run.Hash()))
                {
                    different.Add(run.Run);
                    LogDifference(this.GetPrimaryKeyLong(out var study), study!, run.Run);
                }
            }
            else if (!_waiting.Exists(w => w.Run == run.Run))
            {
                _waiting.Add(run);
            }
        }

        while (runs.Any(run => !_byRun.ContainsKey(run.Run)))
        {
            await (_writing ??= Write());
        }

        return new Kept(repeated, [.. different]);
    }

    public Task<int[]> Runs() => Task.FromResult<int[]>([.. _entries.Select(entry => entry.HasFailed ? ~entry.Run : entry.Run)]);

    public async Task<StoredRun[]> Fetch(int after)
    {
        if (after < 0 || after >= _entries.Count)
        {
            return [];
        }

        var number = _entries[after].Block;
        var block = number == _lastBlock ? _last : await Read(number);
        var first = _entries.FindIndex(entry => entry.Block == number);

        // The last block may hold more than is noted while it is being written.
        return [.. block.State!.Runs.Where(run => _byRun.ContainsKey(run.Run)).Skip(after - first)];
    }

    private async Task Write()
    {
        // Calls that have arrived meanwhile take part.
        await Task.Yield();
        var added = _waiting.ToList();
        _waiting.Clear();
        try
        {
            if (_lastSize >= BlockSize)
            {
                (_last, _lastSize) = (new(new SegmentBlock()), 0);
                _lastBlock++;
            }

            var block = new GrainState<SegmentBlock>(new SegmentBlock { Runs = [.. _last.State!.Runs, .. added] }, _last.ETag) { RecordExists = _last.RecordExists };
            await _storage.WriteStateAsync(NameOf(_lastBlock), this.GetGrainId(), block);
            (_last, _lastSize) = (block, _lastSize + added.Sum(SizeOf));
            added.ForEach(run => Note(run, _lastBlock));
        }
        catch
        {
            // Whether it was written is not known: the next activation reads what is there.
            DeactivateOnIdle();
            throw;
        }
        finally
        {
            _writing = null;
        }
    }

    private async Task<GrainState<SegmentBlock>> Read(int number)
    {
        var block = new GrainState<SegmentBlock>(new SegmentBlock());
        await _storage.ReadStateAsync(NameOf(number), this.GetGrainId(), block);
        return block;
    }

    private static long SizeOf(StoredRun run) => Entry.Size + run.Text.Length;

    private static string NameOf(int block) => $"block-{block}";

    private void Note(StoredRun run, int block)
    {
        var entry = new Entry(run.Run, run.Hash(), block, run.HasFailed);
        _entries.Add(entry);
        _byRun.Add(run.Run, entry);
    }

    [LoggerMessage(LogLevel.Error, "segment {Segment} of study {Study}: run {Run} was done twice with two results, of which the first is kept; this is a bug in reflink, or the memory of a machine is broken")]
    private partial void LogDifference(long segment, string study, int run);

    private sealed record Entry(int Run, byte[] Hash, int Block, bool HasFailed)
    {
        /// <summary>About what a result takes besides its text.</summary>
        public const int Size = 100;
    }
}

using System.Numerics;
using Reflink.Cache.Policies.Linux;

namespace Reflink.Cache.Simulation;

/// <summary>A simulation of <see cref="LinuxPolicy"/> in which every file is read ahead as an open file of Linux is; writes read nothing ahead.</summary>
public sealed class LinuxFiles
{
    private readonly CacheSimulation _cache;
    private readonly Func<long, long> _pages;
    private readonly int _most;
    private readonly Dictionary<long, LinuxFile> _files = [];
    private SimulationCounts _outcomes;

    /// <summary>Makes it, with no file yet.</summary>
    /// <param name="cache">A simulation of <see cref="LinuxPolicy"/>.</param>
    /// <param name="pages">How many pages a file has, by its number; readahead stops there.</param>
    /// <param name="most">The largest window, in pages (read_ahead_kb / 4).</param>
    /// <exception cref="ReflinkException">EINVAL: the simulation has another policy.</exception>
    public LinuxFiles(CacheSimulation cache, Func<long, long> pages, int most)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(pages);
        (_cache, _pages, _most) = (cache, pages, most);
    }

    /// <summary>
    /// What happened since <see cref="ResetCounts"/>: an access misses where its page was not in memory when it came, though readahead brought it in then.
    /// </summary>
    public SimulationCounts Counts => _cache.Counts with
    {
        Hits = _outcomes.Hits, NewMisses = _outcomes.NewMisses, Refaults = _outcomes.Refaults, Activations = _outcomes.Activations,
    };

    /// <summary>Starts <see cref="Counts"/> anew; what is in memory stays.</summary>
    public void ResetCounts()
    {
        _outcomes = default;
        _cache.ResetCounts();
    }

    /// <summary>Replays accesses in order.</summary>
    public void Run(ReadOnlySpan<PageAccess> accesses)
    {
        foreach (ref readonly var access in accesses)
        {
            var label = access.Page.Label;
            if (!_files.TryGetValue(label.Inode.Value, out var file))
            {
                _files[label.Inode.Value] = file = new LinuxFile(_cache, (int)label.Inode.Value, _pages(label.Inode.Value)) { MaxWindow = _most, LargestOrder = LargestOrder(_cache.Capacity) };
            }

            switch (access.Kind is AccessKind.Write or AccessKind.Store ? file.Write(label.Page) : file.Read(label.Page))
            {
                case AccessOutcome.Hit:
                    _outcomes.Hits++;
                    break;
                case AccessOutcome.Miss:
                    _outcomes.NewMisses++;
                    break;
                case AccessOutcome.Refault:
                    _outcomes.Refaults++;
                    break;
                default:
                    _outcomes.Activations++;
                    break;
            }
        }
    }

    // A folio of 64 pages, unless half of memory is less: Linux then fails to charge it, and takes smaller ones.
    private static int LargestOrder(int capacity) => Math.Min(6, BitOperations.Log2((uint)Math.Max(1, capacity / 2)));
}

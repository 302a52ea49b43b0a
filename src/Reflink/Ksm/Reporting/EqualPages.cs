using System.IO.Hashing;
using Reflink.Cache;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Sets;
using Reflink.Vm;

namespace Reflink.Ksm.Reporting;

/// <summary>Finds the equal of a page among all pages that are to be merged, wherever they are. All are hashed when it is asked for the first time.</summary>
internal sealed class EqualPages(PageCache cache, IEnumerable<MergePartition> partitions)
{
    private Dictionary<ulong, List<Place>>? _places;

    /// <summary>Why an equal page was not found in the partition of a page; null if there is none anywhere, or one that is only not found yet.</summary>
    /// <param name="domain">The partition's.</param>
    /// <param name="process">Who maps the page.</param>
    /// <param name="page">The page.</param>
    /// <param name="block">What it is mapped to.</param>
    public (MergeObstacle Obstacle, string Partition)? Obstacle(MergeDomain domain, Process process, VirtualPage page, BlockNumber block)
    {
        _places ??= All();
        if (!TryBytes(block, out var bytes))
        {
            return null;
        }

        var node = NodeOf(domain, block);
        var (isFull, isElsewhere, other) = (false, false, default(string));
        foreach (var place in _places.GetValueOrDefault(XxHash3.HashToUInt64(bytes)) ?? [])
        {
            if ((place.Process == process && place.Page == page) || !TryBytes(place.Block, out var others) || !others.SequenceEqual(bytes))
            {
                continue;
            }

            if (place.Domain != domain)
            {
                other ??= place.Partition;
            }
            else if (NodeOf(domain, place.Block) != node)
            {
                isElsewhere = true;
            }
            else if (place.Node != 0 && domain.Stable[place.Node].Items + 1 >= domain.Tunables.MaxPageSharing)
            {
                isFull = true;
            }
            else
            {
                return null;
            }
        }

        return isFull ? (MergeObstacle.ChainFull, domain.Name)
            : isElsewhere ? (MergeObstacle.OtherNode, domain.Name)
            : other is not null ? (MergeObstacle.OtherPartition, other)
            : null;
    }

    private Dictionary<ulong, List<Place>> All()
    {
        var places = new Dictionary<ulong, List<Place>>();
        foreach (var partition in partitions)
        {
            var (domain, name) = (partition.Domain, partition.Name.Length > 0 || partition.IsScanned ? partition.Name : MergeExplanation.Requested);
            for (var slot = domain.Slots.First; slot is not null; slot = slot.After)
            {
                for (var item = slot.FirstItem; item != 0; item = domain.Items[item].Next)
                {
                    Add(places, domain, name, slot.Process, item);
                }
            }
        }

        return places;
    }

    private void Add(Dictionary<ulong, List<Place>> places, MergeDomain domain, string name, Process process, int item)
    {
        var record = domain.Items[item];
        if (process.Memory.Find(record.Page.Address) is { } vma && vma.IsFilled(vma.PageOf(record.Page), out var block) && TryBytes(block, out var bytes))
        {
            var hash = XxHash3.HashToUInt64(bytes);
            if (!places.TryGetValue(hash, out var equals))
            {
                places[hash] = equals = [];
            }

            equals.Add(new Place(domain, name, process, record.Page, block, record.State == ItemState.Stable ? record.Link : 0));
        }
    }

    private int NodeOf(MergeDomain domain, BlockNumber block) =>
        domain.Tunables.MergeAcrossNodes || !cache.TryPeek(block, default, out var frame) ? 0 : cache.Allocator.NodeOf(frame);

    private bool TryBytes(BlockNumber block, out ReadOnlySpan<byte> bytes)
    {
        var isThere = cache.TryPeek(block, default, out var frame);
        bytes = isThere ? cache.Frames.Bytes(frame) : default;
        return isThere;
    }

    private readonly record struct Place(MergeDomain Domain, string Partition, Process Process, VirtualPage Page, BlockNumber Block, int Node);
}

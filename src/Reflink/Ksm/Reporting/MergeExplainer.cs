using Reflink.Cache;
using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Sets;
using Reflink.Space;
using Reflink.Vm;

namespace Reflink.Ksm.Reporting;

/// <summary>Tells why pages are not merged, from the state that the scanner itself uses.</summary>
internal sealed class MergeExplainer(PageCache cache, BlockSpace space, PinnedPages pins, EqualPages equals, Func<MergeDomain, MergePartition> partitionOf)
{
    /// <summary>One explanation for each run of pages that have the same.</summary>
    public List<MergeExplanation> Explain(Process process, VirtualRange range)
    {
        var answers = new List<MergeExplanation>();
        var items = new Dictionary<MergeDomain, int>();
        for (var page = range.Start; page < range.End;)
        {
            if (process.Memory.Find(page.Address) is not { } vma)
            {
                var next = process.Memory.Overlapping(VirtualRange.Between(page, range.End)) is [var first, ..] ? first.Start : range.End;
                Add(answers, new(page, next - page, MergeObstacle.NotMapped, null, null));
                page = next;
                continue;
            }

            var last = vma.Range.Intersect(range).End;
            for (; page < last; page += 1)
            {
                Add(answers, Answer(process, vma, page, items));
            }
        }

        return answers;
    }

    private static void Add(List<MergeExplanation> answers, in MergeExplanation answer)
    {
        if (answers is [.., var last] && last.Start + last.Count == answer.Start && last with { Start = answer.Start, Count = answer.Count } == answer)
        {
            answers[^1] = last with { Count = last.Count + answer.Count };
        }
        else
        {
            answers.Add(answer);
        }
    }

    private MergeExplanation Answer(Process process, Vma vma, VirtualPage page, Dictionary<MergeDomain, int> items)
    {
        var domain = vma.Merging as MergeDomain;
        var isFilled = vma.IsFilled(vma.PageOf(page), out var block);
        var (obstacle, until) = vma.IsShared ? (MergeObstacle.SharedMapping, default(long?))
            : !isFilled ? (vma.Base is null ? MergeObstacle.Untouched : MergeObstacle.FilePage, null)
            : block.IsZero ? (MergeObstacle.MergedWithZero, null)
            : space.IsMerged(block) && space.Owners(block) > 1 ? (MergeObstacle.Merged, null)
            : domain is null ? (MergeObstacle.NotAdvised, null)
            : !cache.TryPeek(block, default, out _) ? (MergeObstacle.SwappedOut, null)
            : pins.Contains(block) ? (MergeObstacle.Pinned, null)
            : AfterVisit(process, domain, page, items);
        // Smart scan leaves out what found no equal, so that is no better answer than where the equal one is.
        return obstacle is MergeObstacle.NoEqual or MergeObstacle.Skipped && equals.Obstacle(domain!, process, page, block) is var (why, where)
            ? new(page, 1, why, domain!.Name, null) { Other = why == MergeObstacle.OtherPartition ? where : null }
            : new(page, 1, obstacle, domain?.Name, until);
    }

    // The pages of a range are asked about in order, so each search goes on from the item of the page before.
    private (MergeObstacle Obstacle, long? Until) AfterVisit(Process process, MergeDomain domain, VirtualPage page, Dictionary<MergeDomain, int> items)
    {
        var item = items.TryGetValue(domain, out var before) ? before : domain.SlotOf(process)?.FirstItem ?? 0;
        while (item != 0 && domain.Items[item].Page < page && domain.Items[item].Next is var next and not 0 && domain.Items[next].Page <= page)
        {
            item = next;
        }

        items[domain] = item;
        var isKnown = item != 0 && domain.Items[item].Page == page;
        var state = isKnown ? domain.Items[item].State : ItemState.None;
        if (!domain.IsScanned)
        {
            return (state == ItemState.None ? MergeObstacle.NotAsked : MergeObstacle.NoEqual, null);
        }

        if (domain.Tunables.SmartScan && isKnown && domain.Items[item].Skips > 0)
        {
            return (MergeObstacle.Skipped, domain.FullScans + 1 + domain.Items[item].Skips);
        }

        return (state == ItemState.Unstable ? MergeObstacle.NoEqual
            : partitionOf(domain).Daemon.Run != KsmRun.Merge && domain.FullScans == 0 ? MergeObstacle.ScannerStopped
            : isKnown ? MergeObstacle.Changing
            : MergeObstacle.NotVisited, null);
    }
}

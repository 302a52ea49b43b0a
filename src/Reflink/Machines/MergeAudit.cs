using Reflink.Ksm.Partitions;
using Reflink.Ksm.Sets;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>
/// The part of <see cref="Fsck"/> about merging: the records of partitions add up, and no merged page is mapped by members of a
/// partition that neither has it nor inherits from the partition that has it. (Block 0 is no secret.)
/// </summary>
internal static class MergeAudit
{
    /// <summary>Every broken rule, one finding each.</summary>
    public static IEnumerable<string> Check(Machine machine) =>
        machine.Ksm.All.SelectMany(p => CheckItems(machine, p)).Concat(CheckPartitions(machine));

    private static IEnumerable<string> CheckItems(Machine machine, MergePartition partition)
    {
        var domain = partition.Domain;
        var (items, waiting) = (0L, 0L);
        var mapped = new Dictionary<int, int>();
        for (var slot = domain.Slots.First; slot is not null; slot = slot.After)
        {
            var (own, merging) = (0L, 0L);
            for (int item = slot.FirstItem, next; item != 0; item = next)
            {
                ref readonly var record = ref domain.Items[item];
                next = record.Next;
                own++;
                waiting += record.State == ItemState.Unstable ? 1 : 0;
                if (record.State == ItemState.Stable)
                {
                    merging++;
                    mapped[record.Link] = mapped.GetValueOrDefault(record.Link) + 1;
                }

                if (next != 0 && domain.Items[next].Page <= record.Page)
                {
                    yield return $"{partition}: the items of {slot.Process} are not in order at {record.Page}";
                }
            }

            items += own;
            if (own != slot.Items || merging != slot.Merging)
            {
                yield return $"{partition}: {slot.Process} has {own} items, {merging} of them merged; counted are {slot.Items} and {slot.Merging}";
            }
        }

        foreach (var finding in mapped.SelectMany(m => CheckNode(machine, partition, m.Key, m.Value)))
        {
            yield return finding;
        }

        // Every mapping of a page but one is saved; of another domain's page, every one.
        var kept = mapped.Where(m => !domain.Stable[m.Key].IsRetired).ToList();
        var shared = kept.LongCount(m => !domain.Stable[m.Key].IsInherited);
        var sharing = kept.Sum(m => (long)m.Value) - shared;
        if ((items, shared, sharing, waiting) != (domain.Items.Count, domain.PagesShared, domain.PagesSharing, domain.PagesUnshared))
        {
            yield return $"{partition}: {items} items, {shared} shared, {sharing} sharing, {waiting} unshared; counted are {domain.Items.Count}, {domain.PagesShared}, {domain.PagesSharing}, {domain.PagesUnshared}";
        }
    }

    private static IEnumerable<string> CheckNode(Machine machine, MergePartition partition, int node, int count)
    {
        var stable = partition.Domain.Stable;
        var record = stable[node];
        if (!record.IsRetired && stable.IsAlive(node) && !machine.Space.IsMerged(record.Block))
        {
            yield return $"{partition}: {record.Block} is remembered as merged and not marked so";
        }

        if (record.Items != count)
        {
            yield return $"{partition}: {count} items are mapped to {record.Block}, {record.Items} are counted";
        }
    }

    private static IEnumerable<string> CheckPartitions(Machine machine)
    {
        var mappedBy = new Dictionary<BlockNumber, (MergeDomain? Owner, MergeDomain? Other)>();
        foreach (var process in machine.Processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                var domain = vma.Merging as MergeDomain;
                if (domain is not null && domain.SlotOf(process) is null)
                {
                    yield return $"partition '{domain.Name}' has the mapping at {vma.Start} of {process}, and does not know {process}";
                }

                foreach (var block in MergedBlocks(machine, vma))
                {
                    if (!mappedBy.TryGetValue(block, out var known))
                    {
                        known = (OwnerOf(machine, block), domain);
                        mappedBy.Add(block, known);
                    }

                    if (known.Owner is { } owner ? !MayMap(domain, owner) : Root(domain) != Root(known.Other))
                    {
                        yield return $"{block} is merged in '{(known.Owner ?? known.Other)?.Name}' and mapped by {process} at {vma.Start}, which is in '{domain?.Name}'";
                    }
                }
            }
        }
    }

    private static IEnumerable<BlockNumber> MergedBlocks(Machine machine, Vma vma)
    {
        if (vma.Private is not { } own)
        {
            yield break;
        }

        foreach (var extent in own.Map.Extents(vma.FileRange))
        {
            for (var i = 0L; i < extent.Length && !extent.Block.IsZero; i++)
            {
                if (machine.Space.IsMerged(extent.Block + i))
                {
                    yield return extent.Block + i;
                }
            }
        }
    }

    // Whose content it is; the partition may have forgotten it while others are mapped to it still.
    private static MergeDomain? OwnerOf(Machine machine, BlockNumber block) => machine.Ksm.All.Select(p => p.Domain)
        .FirstOrDefault(d => d.Stable.FindBlock(block) is var node && node != 0 && !d.Stable[node].IsInherited);

    // What is no partition's is the machine's own, advised or not: a page that is merged may be shared with others by fork.
    private static bool MayMap(MergeDomain? domain, MergeDomain owner)
    {
        if (owner.Name == "")
        {
            return domain is null or { Name: "" };
        }

        while (domain is not null && domain != owner)
        {
            domain = domain.Inherited;
        }

        return domain is not null;
    }

    private static string Root(MergeDomain? domain)
    {
        while (domain?.Inherited is { } from)
        {
            domain = from;
        }

        return domain?.Name ?? "";
    }
}

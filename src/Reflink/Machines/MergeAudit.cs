using Reflink.Ksm;
using Reflink.Units;

namespace Reflink.Machines;

/// <summary>
/// The part of <see cref="Fsck"/> about merging: what partitions remember adds up, and no merged page is mapped by members of
/// two partitions, save where one inherits from the other. (Block 0 is nobody's secret.)
/// </summary>
internal static class MergeAudit
{
    /// <summary>Every broken rule, one finding each.</summary>
    public static IEnumerable<string> Check(Machine machine) =>
        machine.Ksm.All.SelectMany(CheckItems).Concat(CheckPartitions(machine));

    private static IEnumerable<string> CheckItems(MergePartition partition)
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

        var (shared, sharing) = (0L, 0L);
        foreach (var (node, count) in mapped)
        {
            var record = domain.Stable[node];
            if (record.Items != count)
            {
                yield return $"{partition}: {count} items are mapped to {record.Block}, {record.Items} are counted";
            }

            var isOwn = record is { IsInherited: false, IsBuried: false };
            shared += isOwn ? 1 : 0;
            sharing += record.IsBuried ? 0 : isOwn ? count - 1 : count;
        }

        if ((items, shared, sharing, waiting) != (domain.Items.Count, domain.PagesShared, domain.PagesSharing, domain.PagesUnshared))
        {
            yield return $"{partition}: {items} items, {shared} shared, {sharing} sharing, {waiting} unshared; counted are {domain.Items.Count}, {domain.PagesShared}, {domain.PagesSharing}, {domain.PagesUnshared}";
        }
    }

    private static IEnumerable<string> CheckPartitions(Machine machine)
    {
        var mappedBy = new Dictionary<BlockNumber, MergeDomain?>();
        foreach (var process in machine.Processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings.Where(v => v.Private is not null))
            {
                foreach (var extent in vma.Private!.Map.Extents(vma.FileRange))
                {
                    for (var i = 0L; i < extent.Length && !extent.Block.IsZero; i++)
                    {
                        var (block, domain) = (extent.Block + i, vma.Merging as MergeDomain);
                        if (machine.Space.IsMerged(block) && mappedBy.TryGetValue(block, out var other) && !MayShare(domain, other))
                        {
                            yield return $"{block} is merged and mapped by members of partitions '{domain?.Name ?? "none"}' and '{other?.Name ?? "none"}'";
                        }

                        mappedBy[block] = domain;
                    }
                }
            }
        }
    }

    private static bool MayShare(MergeDomain? one, MergeDomain? two)
    {
        return Root(one) == Root(two);

        static MergeDomain? Root(MergeDomain? domain)
        {
            while (domain?.Inherited is { } from)
            {
                domain = from;
            }

            return domain;
        }
    }
}

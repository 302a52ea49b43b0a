using Reflink.Inodes;
using Reflink.Space;
using Reflink.Vm;

namespace Reflink.Ksm.Reporting;

/// <summary>Measures what shared frames tell one user about another: frames of merged pages and, counted in the same way, of derived pages.</summary>
internal static class ExposureMeter
{
    /// <summary>What merging exposes: private pages on merged blocks.</summary>
    public static MergeExposure OfMerged(ProcessTable processes, BlockSpace space) =>
        Measure(processes, block => block.Kind == BlockKind.Anonymous && space.IsMerged(block));

    /// <summary>What patching exposes: pages of derived inodes, which poked mappings and overlays show.</summary>
    public static MergeExposure OfDerived(ProcessTable processes) => Measure(processes, static block => block.Kind == BlockKind.Derived);

    private static MergeExposure Measure(ProcessTable processes, Predicate<BlockNumber> counts)
    {
        var users = new Dictionary<BlockNumber, Dictionary<UserId, long>>();
        foreach (var process in processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                foreach (var inode in (ReadOnlySpan<Inode?>)[vma.Private, vma.Base])
                {
                    Add(vma, inode, process.User.Id, counts, users);
                }
            }
        }

        var sum = default(MergeExposure);
        foreach (var byUser in users.Values)
        {
            var (all, several) = (byUser.Values.Sum(), byUser.Count > 1);
            sum = new(
                sum.Frames + (several ? 1 : 0), sum.Pairs + ((long)byUser.Count * (byUser.Count - 1) / 2),
                sum.Pages + (several ? all : 0), sum.SavedPages + all - 1, sum.SavedAcrossUsers + byUser.Count - 1);
        }

        return sum;
    }

    private static void Add(
        Vma vma, Inode? inode, UserId user, Predicate<BlockNumber> counts, Dictionary<BlockNumber, Dictionary<UserId, long>> users)
    {
        if (inode is null)
        {
            return;
        }

        foreach (var extent in inode.Map.Extents(vma.FileRange))
        {
            for (var i = 0L; i < extent.Length && !extent.Block.IsZero; i++)
            {
                var block = extent.Block + i;
                if (counts(block))
                {
                    var byUser = users.TryGetValue(block, out var known) ? known : users[block] = [];
                    byUser[user] = byUser.GetValueOrDefault(user) + 1;
                }
            }
        }
    }
}

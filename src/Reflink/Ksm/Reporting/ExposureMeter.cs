using Reflink.Inodes;
using Reflink.Ksm.Sets;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm.Reporting;

/// <summary>Measures what mappings of shared frames tell across users: of merged pages, and, counted alike, of derived ones.</summary>
internal static class ExposureMeter
{
    /// <summary>What merging exposes: private pages on merged blocks.</summary>
    public static MergeExposure OfMerged(MergeServices services) => Measure(services, static (services, _, block) =>
        block.Kind == BlockKind.Anonymous && services.Space.IsMerged(block));

    /// <summary>What patching exposes: pages of derived inodes, which poked mappings and overlays show.</summary>
    public static MergeExposure OfDerived(MergeServices services) => Measure(services, static (_, _, block) => block.Kind == BlockKind.Derived);

    private static MergeExposure Measure(MergeServices services, Func<MergeServices, Vma, BlockNumber, bool> counts)
    {
        var users = new Dictionary<BlockNumber, Dictionary<UserId, long>>();
        foreach (var process in services.Processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                foreach (var inode in (ReadOnlySpan<Inode?>)[vma.Private, vma.Base])
                {
                    Add(services, vma, inode, process.User.Id, counts, users);
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
        MergeServices services, Vma vma, Inode? inode, UserId user, Func<MergeServices, Vma, BlockNumber, bool> counts,
        Dictionary<BlockNumber, Dictionary<UserId, long>> users)
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
                if (counts(services, vma, block))
                {
                    var byUser = users.TryGetValue(block, out var known) ? known : users[block] = [];
                    byUser[user] = byUser.GetValueOrDefault(user) + 1;
                }
            }
        }
    }
}

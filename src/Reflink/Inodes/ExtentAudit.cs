using Reflink.Space;

namespace Reflink.Inodes;

/// <summary>
/// The fsck of extents: counts again, from all maps, the reaper's list and all recipes, who holds what, and compares with the
/// counts that are kept. Every disagreement is one finding; none is how it should be.
/// </summary>
internal static class ExtentAudit
{
    /// <summary>Checks a space, all maps over it and their reaper.</summary>
    public static IEnumerable<string> Check(BlockSpace space, IEnumerable<ExtentMap> maps, NodeReaper reaper)
    {
        List<string> findings = [.. space.Check()];
        OwnerCount owners = new();
        NodeAudit nodes = new(reaper.FanOut, owners, findings);
        foreach (var map in maps)
        {
            nodes.Root(map.Root);
        }

        foreach (var node in reaper.Waiting)
        {
            nodes.Waiting(node);
        }

        nodes.CompareReferences();
        foreach (var derived in space.Recipes())
        {
            foreach (var root in derived.Recipe.Roots)
            {
                if (root.Kind is not (BlockKind.Stored or BlockKind.Anonymous))
                {
                    findings.Add($"the recipe of {derived.Block} has the root {root}, which is neither stored nor anonymous");
                }
                else if (space.OwnsRoots(derived.Block))
                {
                    owners.Add(root, 1);
                }
            }
        }

        owners.Compare(space, findings);
        return findings;
    }
}

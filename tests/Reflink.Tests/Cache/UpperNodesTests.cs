using CsCheck;
using Reflink.Cache.Policies.Linux;

namespace Reflink.Tests.Cache;

/// <summary>The nodes above the leaves of page trees, against counting them anew from all leaves.</summary>
public sealed class UpperNodesTests
{
    // Few leaves near powers of 64, where trees grow and shrink, in two inodes.
    private static readonly ulong[] s_leaves = [0, 1, 2, 63, 64, 65, 127, 4095, 4096, 4097, 8191, 262_143, 262_144, 16_777_215, 16_777_216, (1ul << 34) - 1];

    [Fact]
    public void As_many_are_counted_as_the_leaves_need() => Gen.Select(Gen.Int[0, 1], Gen.Int[0, s_leaves.Length - 1]).Array[1, 100].Sample(
        picks =>
        {
            var (nodes, leaves) = (new UpperNodes(), new HashSet<(int Inode, ulong Leaf)>());
            foreach (var (inode, pick) in picks)
            {
                var leaf = s_leaves[pick];
                if (leaves.Add((inode, leaf)))
                {
                    var (before, missing) = (nodes.Count, nodes.Missing(inode, leaf));
                    nodes.Add(inode, leaf);
                    Assert.Equal(before + missing, nodes.Count);
                }
                else
                {
                    leaves.Remove((inode, leaf));
                    nodes.Remove(inode, leaf);
                }

                Assert.Equal(Needed(leaves, 0) + Needed(leaves, 1), nodes.Count);
            }
        },
        iter: 2000);

    // A level has a node for each group of 64 with a leaf in it, and the topmost level is the lowest with one node alone.
    private static int Needed(HashSet<(int Inode, ulong Leaf)> leaves, int inode)
    {
        var (level, needed) = (leaves.Where(l => l.Inode == inode).Select(l => l.Leaf).ToHashSet(), 0);
        while (level.Any(number => number > 0))
        {
            level = [.. level.Select(number => number >> 6)];
            needed += level.Count;
        }

        return needed;
    }
}

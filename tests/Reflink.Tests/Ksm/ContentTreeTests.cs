using Reflink.Ksm.Sets;

namespace Reflink.Tests.Ksm;

/// <summary>The red-black tree against a sorted set, and against its own rules.</summary>
public sealed class ContentTreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_keeps_order_and_balance(int seed)
    {
        var random = new Random(seed);
        var tree = new ContentTree { IsKept = true };
        var keys = new SortedDictionary<int, int>();
        for (var i = 1; i < 3000; i++)
        {
            if (keys.Count > 0 && random.Next(5) < 2)
            {
                var gone = keys.ElementAt(random.Next(keys.Count)).Key;
                tree.Erase(keys[gone]);
                keys.Remove(gone);
            }
            else if (random.Next(100_000) is var key && keys.TryAdd(key, i))
            {
                var place = default(TreePlace);
                for (var at = tree.Root; at != 0; at = tree.Child(place))
                {
                    place = new(at, key > KeyOf(keys, at));
                }

                tree.Insert(i, place);
                if (random.Next(10) == 0)
                {
                    tree.Replace(i, i + 5000);
                    keys[key] = i + 5000;
                }
            }

            if (i % 50 == 0)
            {
                Assert.Equal(keys.Values, InOrder(tree, tree.Root));
                Assert.True(Depth(tree, tree.Root) <= 2 * Math.Log2(keys.Count + 1));
            }
        }
    }

    private static int KeyOf(SortedDictionary<int, int> keys, int entry) => keys.First(k => k.Value == entry).Key;

    private static IEnumerable<int> InOrder(ContentTree tree, int at) => at == 0
        ? []
        : InOrder(tree, tree.Child(new(at, false))).Append(at).Concat(InOrder(tree, tree.Child(new(at, true))));

    private static int Depth(ContentTree tree, int at) =>
        at == 0 ? 0 : 1 + Math.Max(Depth(tree, tree.Child(new(at, false))), Depth(tree, tree.Child(new(at, true))));
}

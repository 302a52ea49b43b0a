using Reflink.Store.Slots;
using Reflink.Units;

namespace Reflink.Tests.Store;

public sealed class SlotTableTests
{
    [Fact]
    public void It_agrees_with_a_dictionary_whatever_it_guesses()
    {
        var (random, table, plain, next) = (new Random(1), new SlotTable(), new Dictionary<long, int>(), 0);
        var free = new Stack<int>();
        for (var n = 0; n < 200_000; n++)
        {
            // Some blocks side by side, some of them anonymous, whose serials are the same.
            var block = BlockNumber.Of(random.Next(2) == 0 ? BlockKind.Stored : BlockKind.Anonymous, 1 + random.Next(3000));
            var isThere = plain.TryGetValue(block.Value, out var expected);
            Assert.Equal(isThere, table.TryGetValue(block, out var slot));
            Assert.Equal(isThere, table.ContainsKey(block));
            if (isThere)
            {
                Assert.Equal(expected, slot);
            }

            if (isThere && random.Next(3) == 0)
            {
                Assert.True(table.Remove(block, out slot));
                free.Push(slot);
                plain.Remove(block.Value);
            }
            else if (!isThere)
            {
                Assert.False(table.Remove(block, out _));
                slot = free.TryPop(out var freed) ? freed : next++;
                table.Add(block, slot);
                plain.Add(block.Value, slot);
            }

            Assert.Equal(plain.Count, table.Count);
        }
    }
}

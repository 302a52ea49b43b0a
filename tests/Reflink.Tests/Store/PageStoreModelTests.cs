using CsCheck;
using Reflink.Store;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>Random writes, overwrites, deletes and reads of a few blocks, against a dictionary of pages.</summary>
public sealed class PageStoreModelTests
{
    // Few blocks, so that most operations meet one that was written, deleted or overwritten before.
    private static readonly Gen<BlockNumber> s_block =
        Gen.Select(Gen.Bool, Gen.Long[1, 12], (stored, serial) => stored ? TestPage.Stored(serial) : TestPage.Anonymous(serial));

    private static readonly Gen<(int Verb, BlockNumber s_block, int Seed)> s_operation =
        Gen.Select(Gen.Int[0, 3], s_block, Gen.Int[0, 1000]);

    [Fact]
    public void Agrees_with_a_dictionary() => Play(() => new FasterPageStore());

    [Fact]
    public void Agrees_with_a_dictionary_when_three_pages_fit_memory()
    {
        using var folder = new ScratchFolder();
        var (calls, device) = (0L, 0L);
        Play(() => new FasterPageStore(FileSlotsOf.Pages(3, folder.Path)), store => (calls, device) = (calls + store.Reads, device + store.Diagnostics.DeviceReads));
        Assert.InRange(device, calls / 3 * Page.Size, long.MaxValue);
    }

    private static void Play(Func<FasterPageStore> make, Action<FasterPageStore>? after = null) => s_operation.Array[0, 120].Sample(
        operations =>
        {
            using var store = make();
            var model = new Dictionary<BlockNumber, int>();
            foreach (var (verb, block, seed) in operations)
            {
                Apply(store, model, verb, block, seed);
                Assert.Equal(model.Count, store.PageCount);
            }

            foreach (var block in model.Keys)
            {
                Compare(store, model, block);
            }

            var all = Enumerable.Range(1, 12).SelectMany(n => new[] { TestPage.Stored(n), TestPage.Anonymous(n) }).ToArray();
            Assert.Equal(all.Select(b => model.TryGetValue(b, out var seed) ? TestPage.Of(seed) : null), store.ReadMany(all));
            after?.Invoke(store);
        },
        iter: 300,
        threads: 1);

    private static void Apply(IPageStore store, Dictionary<BlockNumber, int> model, int verb, BlockNumber block, int seed)
    {
        if (verb <= 1)
        {
            store.Write(block, TestPage.Of(seed));
            model[block] = seed;
        }
        else if (verb == 2)
        {
            store.Delete(block);
            model.Remove(block);
        }

        Compare(store, model, block);
    }

    private static void Compare(IPageStore store, Dictionary<BlockNumber, int> model, BlockNumber block)
    {
        var page = new byte[Page.Size];
        var held = model.TryGetValue(block, out var seed);
        Assert.Equal(held, store.Contains(block));
        if (held)
        {
            store.Read(block, page);
            Assert.Equal(TestPage.Of(seed), page);
        }
        else
        {
            Assert.Equal(Errno.EIO, Assert.Throws<ReflinkException>(() => store.Read(block, page)).Error);
        }
    }
}

using CsCheck;
using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Mglru;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>Compares <see cref="MglruPolicy"/> with <see cref="MglruModel"/> in what each of them evicts, page by page.</summary>
public sealed class MglruModelTests
{
    private const int Room = 8;

    [Fact]
    public void It_evicts_what_the_model_evicts() =>
        Gen.Select(Gen.Int[20, 200], Gen.Int[1, 4], Gen.Int[0, int.MaxValue]).Sample((memory, skew, seed) => Compare(memory, skew, seed), iter: 100);

    [Fact]
    public void The_traces_protect_tiers_and_end_generations()
    {
        var model = Compare(memory: 200, skew: 3, seed: 1);
        Assert.InRange(model.Protected, 50, int.MaxValue);
        Assert.InRange(model.Begun, 3, int.MaxValue);
        Assert.InRange(model.Restored, 100, int.MaxValue);
    }

    private static MglruModel Compare(int memory, int skew, int seed)
    {
        var (pair, random) = (new Pair(memory), new Random(seed));
        for (var step = 0; step < 4000; step++)
        {
            var page = (int)(Math.Pow(random.NextDouble(), skew) * memory * 4);
            for (var use = page % 4; use < 5; use++)
            {
                pair.Read(page);
                pair.Read(0);
            }

            if (step % 16 == 0)
            {
                pair.Read(random.Next(memory * 4));
            }

            if (random.Next(50) == 0)
            {
                pair.Remove(page);
            }
        }

        return pair.Model;
    }

    // The policy and the model, which are told the same. Each page has the frame of its number.
    private sealed class Pair(int memory)
    {
        private int _count;
        private int _last = -1;

        public MglruModel Model { get; } = new();

        private MglruPolicy Policy { get; } = new();

        public void Read(int page)
        {
            if (Model.Has(page))
            {
                Policy.Touched(new FrameNumber(page), AccessKind.Read, default);
            }
            else
            {
                _count += 1 - (_count >= memory ? Reclaim() : 0);
                Assert.Equal(Model.Insert(page), Policy.Inserted(new Folio(new FrameNumber(page)), new PageLabel(new InodeNumber(1), new PageIndex(page)), AccessKind.Read, default));
            }

            if (page != _last)
            {
                Model.Use(page);
            }

            _last = page;
        }

        public void Remove(int page)
        {
            if (Model.Has(page))
            {
                Model.Remove(page);
                Policy.Removed(new FrameNumber(page));
                _count--;
            }
        }

        private int Reclaim()
        {
            var chosen = new FrameNumber[Room];
            var count = Policy.Reclaim(1, default, chosen);
            Assert.Equal(Model.Reclaim(Room), chosen.Take(count).Select(c => c.Value));
            return count;
        }
    }
}

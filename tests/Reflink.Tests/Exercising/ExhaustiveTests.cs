using Reflink.Units;

namespace Reflink.Tests.Exercising;

/// <summary>Every sequence of up to four operations of a small alphabet: what is wrong is mostly wrong in a few steps.</summary>
public sealed class ExhaustiveTests
{
    private static readonly Action<World>[] s_files =
    [
        w => w.Write(0, 0, 100, 2),
        w => w.Write(1, Page.Size, Page.Size, 3),
        w => w.Clone(0, 1),
        w => w.Punch(0, 0, Page.Size),
        w => w.CloneRange(1, 1, 1, 0, 0),
        w => w.Truncate(0, 0),
        w => w.Map(0, 0, 2, 0, 0, shared: true, Protection.ReadWrite),
        w => w.Load(0, 0),
        w => w.Store(0, 0, 50, 100, 4),
        w => w.Evict(0),
    ];

    private static readonly Action<World>[] s_processes =
    [
        w => w.Write(0, 0, 100, 2),
        w => w.Map(0, 0, 2, 0, 0, shared: false, Protection.ReadWrite | Protection.Execute),
        w => w.Load(0, 0),
        w => w.Store(0, 0, 50, 100, 4),
        w => w.Fork(0, 1),
        w => w.Load(1, 0),
        w => w.Store(1, 0, 50, 100, 5),
        w => w.Poke(0, 0, [(60, 2, 9)]),
        w => w.Revert(0, 0),
        w => w.DropCaches(),
    ];

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public void Every_short_sequence_of_file_operations_is_right(CacheKeying keying) => PlayAll(keying, s_files, 4, static _ => { });

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public void Every_short_sequence_over_a_mapping_that_was_read_is_right(CacheKeying keying) => PlayAll(keying, s_processes, 4, static world =>
    {
        world.Map(0, 0, 2, 0, 0, shared: false, Protection.ReadWrite | Protection.Execute);
        world.Load(0, 0);
    });

    private static void PlayAll(CacheKeying keying, Action<World>[] alphabet, int length, Action<World> begin)
    {
        for (long code = 0, end = Power(alphabet.Length, length); code < end; code++)
        {
            if (Play(keying, alphabet, length, begin, code, null) is not null)
            {
                var notes = new List<string>();
                var failure = Play(keying, alphabet, length, begin, code, notes);
                Assert.Fail($"{string.Join("\n  ", notes)}\n{failure}");
            }
        }
    }

    // Only the end is checked: what a beginning does wrong is found by the sequences that end there.
    private static string? Play(CacheKeying keying, Action<World>[] alphabet, int length, Action<World> begin, long code, List<string>? notes)
    {
        using var world = new World(WorldKind.All[1].KeyedBy(keying), Rule.None, notes);
        try
        {
            world.Write(0, 0, 2 * Page.Size, 1);
            world.Write(1, 0, 2 * Page.Size, 1);
            begin(world);
            for (var i = 0; i < length; i++, code /= alphabet.Length)
            {
                alphabet[code % alphabet.Length](world);
            }

            world.CheckAll();
            return null;
        }
        catch (Exception e) when (e is Failure or InvariantException or ReflinkException)
        {
            return e.ToString();
        }
    }

    private static long Power(int number, int exponent) => exponent == 0 ? 1 : number * Power(number, exponent - 1);
}

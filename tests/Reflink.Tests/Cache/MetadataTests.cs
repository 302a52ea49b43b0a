using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Reflink.Cache;
using Reflink.Cache.Memory;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>
/// What a cached page costs beside its bytes. Everything that can be reached from the page cache within its own stratum is weighed,
/// found by reflection, so that a field, an array or a region that is added counts by itself.
/// </summary>
public sealed class MetadataTests
{
    private const int P = Page.Size;

    public static TheoryData<int, string> Sizes()
    {
        var data = new TheoryData<int, string>();
        foreach (var power in (int[])[4096, 16384, 65536])
        {
            // Where the index grows, and where arrays that double would.
            foreach (var pages in (int[])[power - 1, power, power + 1, (power * 3 / 2) - 1, (power * 3 / 2) + 1])
            {
                foreach (var policy in (string[])["fifo", "lru", "clock", "sieve"])
                {
                    data.Add(pages, policy);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_cached_page_costs_64_bytes_at_most_and_96_with_ghosts(int pages, string policy)
    {
        using var machine = Filled(pages, policy);
        Assert.Equal(pages, machine.Cache.Resident);
        Assert.InRange(BytesOf(machine.Cache) / (double)pages, 56, policy is "fifo" or "lru" or "clock" or "sieve" ? 64 : 96);
    }

    [Theory]
    [InlineData(4096, "fifo")]
    [InlineData(6145, "lru")]
    [InlineData(6145, "clock")]
    public void It_does_so_after_all_were_freed_and_taken_again(int pages, string policy)
    {
        using var machine = Filled(pages, policy);
        var before = BytesOf(machine.Cache);
        machine.DropCaches();
        Assert.Equal(0, machine.Cache.Resident);
        using var file = machine.Volume.Open("/a", OpenFlags.ReadWrite);
        for (var n = 0; n < pages; n++)
        {
            file.Read((long)n * P, new byte[1]);
        }

        Assert.Equal((pages, before), (machine.Cache.Resident, BytesOf(machine.Cache)));
    }

    private static Machine Filled(int pages, string policy)
    {
        var machine = new Machine(new MachineOptions { Memory = 1L << 30, Policy = policy });
        using var file = machine.Volume.Create("/a");
        for (var n = 0; n < pages; n++)
        {
            file.Write((long)n * P, "x"u8);
        }

        return machine;
    }

    // Native regions are only taken as far as frames were used.
    private static long BytesOf(PageCache cache)
    {
        var bytes = 0L;
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<object>([cache]);
        while (waiting.TryPop(out var thing))
        {
            if (!seen.Add(thing))
            {
                continue;
            }

            if (thing is NativeRegion region)
            {
                bytes += OfRegion(region, cache);
                continue;
            }

            bytes += OfArray(thing);
            foreach (var part in PartsOf(thing))
            {
                waiting.Push(part);
            }
        }

        return bytes;
    }

    private static long OfRegion(NativeRegion region, PageCache cache)
    {
        var length = region.Length;
        var record = length / (cache.FrameCount + 1);
        Assert.Equal(length, record * (cache.FrameCount + 1));
        return record == P ? 0 : record * (cache.HighWater + 1);
    }

    private static long OfArray(object thing)
    {
        if (thing is not Array array)
        {
            return 0;
        }

        var element = array.GetType().GetElementType()!;
        var size = element.IsValueType
            ? (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(element).Invoke(null, null)!
            : IntPtr.Size;
        return (long)array.Length * size;
    }

    private static IEnumerable<object> PartsOf(object thing)
    {
        if (thing is IEnumerable things and (Array or IList))
        {
            return things.Cast<object?>().Where(t => t is not null && (t is Array || IsOurs(t))).Cast<object>();
        }

        return thing.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Select(f => f.GetValue(thing)).Where(t => t is Array or IList || (t is not null && IsOurs(t))).Cast<object>();
    }

    private static bool IsOurs(object thing) =>
        (!thing.GetType().IsValueType && thing.GetType().Namespace!.StartsWith("Reflink.Cache", StringComparison.Ordinal)) || thing is PlaceHints or IReplacementPolicy;
}

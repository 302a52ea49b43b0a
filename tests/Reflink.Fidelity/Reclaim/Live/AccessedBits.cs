using System.Globalization;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>Whether the accessed bits of page tables, by which reclaim tells used pages, can be trusted on this host.</summary>
internal static unsafe class AccessedBits
{
    private const int Pages = 64;
    private const string ClearAccessed = "1";

    /// <summary>Touches pages, clears the bits, touches every other page; returns why the bits are wrong, or null if they are right.</summary>
    public static string? WhyNot()
    {
        const nint Length = (nint)Pages * Page.Size;
        var start = (byte*)Native.Map(0, Length, Native.ReadWrite, Native.Private | Native.Anonymous, -1, 0);
        Native.Check((nint)start != -1, "mmap");
        try
        {
            Native.Check(Native.Advise((nint)start, Length, Native.NoHugePage) == 0, "madvise");
            Touch(start, 1);
            File.WriteAllText("/proc/self/clear_refs", ClearAccessed);
            var idle = Referenced((nint)start);
            // The kernel cleared the bits without a flush of translations; to take the right to write from so many pages flushes them.
            Native.Check(Native.Protect((nint)start, Length, Native.Read) == 0 && Native.Protect((nint)start, Length, Native.ReadWrite) == 0, "mprotect");
            Touch(start, 2);
            var half = Referenced((nint)start);
            return idle == 0 && half == Pages / 2
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"of {Pages} pages whose accessed bits were cleared {idle} count as used, and {half} after {Pages / 2} of them were used");
        }
        finally
        {
            Native.Check(Native.Unmap((nint)start, Length) == 0, "munmap");
        }
    }

    private static void Touch(byte* start, int step)
    {
        for (var page = 0; page < Pages; page += step)
        {
            Volatile.Write(ref start[(nint)page * Page.Size], 1);
        }
    }

    private static int Referenced(nint start)
    {
        var mapping = string.Create(CultureInfo.InvariantCulture, $"{start:x}-");
        var line = File.ReadLines("/proc/self/smaps").SkipWhile(l => !l.StartsWith(mapping, StringComparison.Ordinal))
            .First(l => l.StartsWith("Referenced:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / Page.Size;
    }
}

using System.Globalization;
using System.Numerics;
using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Mglru;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>The control files of memory management: /proc/vmstat, /proc/meminfo, /proc/sys/vm, /sys/kernel/mm/lru_gen, fault_around_bytes, and those of processes.</summary>
internal static class VmControlFiles
{
    public static IEnumerable<ControlFile> Of(Machine machine) =>
    [
        new("/proc/meminfo", () => MemoryInfo.Text(machine)),
        new("/proc/vmstat", () => VmStat.Text(machine)),
        new("/proc/sys/vm/drop_caches", null, text => DropCaches(machine, text)),
        Setting("min_free_kbytes", () => machine.Watermarks.Min * (Page.Size / 1024), kib => machine.Cache.Allocator.SetMarks(Math.Min(kib, long.MaxValue >> 10) * 1024 >> Page.Shift, machine.Cache.Allocator.Scale)),
        Setting("watermark_scale_factor", () => machine.Cache.Allocator.Scale, scale => machine.Cache.Allocator.SetMarks(machine.Watermarks.Min, scale)),
        Setting("page-cluster", () => machine.Cache.Swap!.PageCluster, value => machine.Cache.Swap!.PageCluster = SwapBacking.RequirePageCluster(value)),
        .. machine.Cache.Dirty.Throttle is { } throttle ? DirtySettings(throttle.Flusher) : [],
        .. Swappiness([.. machine.Cache.Lists.AgingPolicies]),
        .. Generations(machine),
        FaultAround(machine.Processes),
        .. machine.Processes.Alive.SelectMany(process => OutOfMemoryScores(machine, process).Concat(ProcessFiles.Of(machine, process))),
    ];

    private static IEnumerable<ControlFile> OutOfMemoryScores(Machine machine, Process process)
    {
        var path = $"/proc/{process.Id}/oom_score_adj";
        return
        [
            new($"/proc/{process.Id}/oom_score", () => machine.Processes.Killer.ScoreOf(process).ToString(CultureInfo.InvariantCulture)),
            new(path, () => process.OutOfMemoryAdjustment.ToString(CultureInfo.InvariantCulture), text => process.OutOfMemoryAdjustment =
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                    : throw new ReflinkException(Errno.EINVAL, $"'{text}' for {path}, which takes a whole number from -1000 to 1000")),
        ];
    }

    // The bits say that there are generations, that page tables are walked, and that a walk passes over tables of which nothing was used (enabled_show, mm/vmscan.c).
    private static IEnumerable<ControlFile> Generations(Machine machine)
    {
        const string Age = "/sys/kernel/mm/lru_gen/min_ttl_ms";
        var policies = machine.Cache.Lists.Policies.OfType<MglruPolicy>().ToList();
        return policies.Count == 0 ? [] :
        [
            new("/sys/kernel/mm/lru_gen/enabled", () => "0x0007"),
            new(Age, () => policies[0].MinimumAge.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), text => policies.ForEach(policy => policy.MinimumAge = TimeSpan.FromMilliseconds(
                uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                    : throw new ReflinkException(Errno.EINVAL, $"'{text}' for {Age}, which takes a whole number from 0 to {uint.MaxValue}")))),
        ];
    }

    // Less than a page is one, and what is no power of two is rounded down (fault_around_bytes_set, mm/memory.c).
    private static ControlFile FaultAround(ProcessTable processes)
    {
        const string Around = "/sys/kernel/debug/fault_around_bytes";
        return new(Around, () => ((long)processes.FaultAroundPages << Page.Shift).ToString(CultureInfo.InvariantCulture), text => processes.FaultAroundPages =
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes <= MachineOptions.MaxFaultAround ? 1 << BitOperations.Log2((ulong)Math.Max(bytes, Page.Size) >> Page.Shift)
                : throw new ReflinkException(Errno.EINVAL, $"'{text}' for {Around}, which takes bytes up to {MachineOptions.MaxFaultAround}, such as 65536"));
    }

    // All policies of a machine have the same.
    private static IEnumerable<ControlFile> Swappiness(IReadOnlyList<IAgingPolicy> policies) => policies.Count == 0 ? [] :
    [
        Setting("swappiness", () => policies[0].Swappiness, value =>
        {
            foreach (var policy in policies)
            {
                policy.Swappiness = (int)Math.Min(value, int.MaxValue);
            }
        }),
    ];

    // Setting a number of bytes takes the ratio's place, and the other way round (dirty_bytes_handler).
    private static IEnumerable<ControlFile> DirtySettings(Flusher flusher)
    {
        ControlFile Limit(string name, Func<DirtyLimits, long> read, Func<DirtyLimits, long, DirtyLimits> set) =>
            Setting(name, () => read(flusher.Limits), value => flusher.Limits = set(flusher.Limits, value));
        return
        [
            Limit("dirty_background_ratio", l => l.BackgroundBytes > 0 ? 0 : l.BackgroundRatio, (l, v) => l with { BackgroundRatio = (int)Math.Min(v, int.MaxValue), BackgroundBytes = 0 }),
            Limit("dirty_ratio", l => l.Bytes > 0 ? 0 : l.Ratio, (l, v) => l with { Ratio = (int)Math.Min(v, int.MaxValue), Bytes = 0 }),
            Limit("dirty_background_bytes", l => l.BackgroundBytes, (l, v) => l with { BackgroundBytes = v }),
            Limit("dirty_bytes", l => l.Bytes, (l, v) => l with { Bytes = v }),
            Limit("dirty_expire_centisecs", l => Centiseconds(l.Expiry), (l, v) => l with { Expiry = TimeSpan.FromMilliseconds(Math.Min(v, int.MaxValue) * 10) }),
            Limit("dirty_writeback_centisecs", l => Centiseconds(l.Interval), (l, v) => l with { Interval = TimeSpan.FromMilliseconds(Math.Min(v, int.MaxValue) * 10) }),
        ];
    }

    private static long Centiseconds(TimeSpan time) => time.Ticks / (TimeSpan.TicksPerMillisecond * 10);

    private static ControlFile Setting(string name, Func<long> read, Action<long> write)
    {
        var path = $"/proc/sys/vm/{name}";
        return new(path, () => read().ToString(CultureInfo.InvariantCulture), text => write(
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw new ReflinkException(Errno.EINVAL, $"'{text}' for {path}, which takes a whole number from 0 to {long.MaxValue}")));
    }

    // drop_caches_sysctl_handler, fs/drop_caches.c: bit 0 drops pages, bit 1 drops objects; dirty pages are not written.
    private static void DropCaches(Machine machine, string text)
    {
        var (pages, objects) = text switch
        {
            "1" => (true, false),
            "2" => (false, true),
            "3" => (true, true),
            _ => throw new ReflinkException(
                Errno.EINVAL, $"'{text}' for /proc/sys/vm/drop_caches, which takes 1 to drop clean pages, 2 to drop unused derived files, or 3 for both"),
        };
        if (pages)
        {
            machine.Drops.DropPages();
        }

        if (objects)
        {
            machine.Drops.DropObjects();
        }
    }
}

using System.Runtime.InteropServices;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>What recording needs of the machine, and what of the machine may disturb it.</summary>
internal static class RecorderNeeds
{
    private const string Daemons = "/sys/kernel/mm/damon/admin/kdamonds";

    /// <summary>What is missing, and what to do about it, a sentence each.</summary>
    public static IEnumerable<string> Lacks(IReadOnlyList<LiveSuite> suites, DeviceKind devices)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            yield return "The worker is a program for Linux on x86-64; record on such a machine.";
            yield break;
        }

        if (Environment.UserName != "root")
        {
            yield return "Memory groups, mounts and swap need root; run it again as root.";
        }

        if (MemoryGroup.Root() is null)
        {
            yield return "No memory controller of cgroups is mounted; boot with cgroup_enable=memory, and mount cgroup2 (or cgroup with -o memory).";
        }

        if (PageCacheOf.Count(Environment.ProcessPath!) is null)
        {
            yield return "The kernel has no cachestat(2); use Linux 6.5 or later.";
        }

        if (devices == DeviceKind.Memory && !BlockDevice.HasMemory)
        {
            yield return "There are no devices of compressed memory; load the module zram (modprobe zram), or say --devices File.";
        }

        if (devices == DeviceKind.File && !File.Exists("/dev/loop-control"))
        {
            yield return "There are no loop devices; load the module loop (modprobe loop), and give a container the device files.";
        }

        if (File.Exists("/sys/kernel/mm/lru_gen/enabled") && File.ReadAllText("/sys/kernel/mm/lru_gen/enabled").Trim() is not ("0x0000" or "0"))
        {
            yield return "The kernel reclaims by generations (MGLRU), which is another algorithm; switch it off: echo n > /sys/kernel/mm/lru_gen/enabled.";
        }

        var programs = (string[])["losetup", "blockdev", "mount", "umount", .. suites.Any(s => s.Swaps) ? (string[])["mkswap", "swapon", "swapoff"] : []];
        foreach (var program in programs.Where(p => !Finds(p)))
        {
            yield return $"The program {program} is not there; install the packages util-linux and mount.";
        }

        if (!Finds("mkfs.xfs") && !Finds("mkfs.ext4"))
        {
            yield return "There is neither mkfs.xfs nor mkfs.ext4; install xfsprogs or e2fsprogs.";
        }
    }

    /// <summary>Why a suite cannot be recorded here although the others can; null if it can.</summary>
    public static string? WhyNot(LiveSuite suite) => suite.Swaps && !File.Exists("/proc/swaps")
        ? "the kernel cannot swap; use one with CONFIG_SWAP"
        : null;

    /// <summary>What may disturb a recording, a sentence each.</summary>
    public static IEnumerable<string> Disturbances(string? accessedBits)
    {
        if (accessedBits is not null)
        {
            yield return $"accessed bits cannot be trusted on this host ({accessedBits}), so M, W, A and X may differ from run to run";
        }

        if (Directory.Exists(Daemons))
        {
            foreach (var daemon in Directory.EnumerateDirectories(Daemons).Where(d => File.ReadAllText(Path.Combine(d, "state")).Trim() == "on"))
            {
                var action = Path.Combine(daemon, "contexts", "0", "schemes", "0", "action");
                yield return $"a DAMON thread is on{(File.Exists(action) ? $" (scheme: {File.ReadAllText(action).Trim()})" : "")}; it clears accessed bits, and a scheme that pages out takes pages that reclaim would keep";
            }
        }

        if (File.Exists("/sys/module/zswap/parameters/enabled") && File.ReadAllText("/sys/module/zswap/parameters/enabled").Trim() == "Y")
        {
            yield return "zswap is on and keeps compressed pages in memory that the group is charged for; switch it off: echo 0 > /sys/module/zswap/parameters/enabled";
        }

        if (File.ReadLines("/proc/swaps").Skip(1).Any())
        {
            yield return "there is swap already; while A and X are recorded it has a lower priority than the recorder's";
        }
    }

    private static bool Finds(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat((string[])["/usr/sbin", "/sbin"]).Any(folder => File.Exists(Path.Combine(folder, program)));
}

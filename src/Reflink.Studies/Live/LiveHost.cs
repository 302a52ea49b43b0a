using System.Globalization;
using System.Runtime.InteropServices;

namespace Reflink.Studies.Live;

/// <summary>The kernel that runs, and what of it matters to a live comparison.</summary>
public static class LiveHost
{
    internal const string Ksm = "/sys/kernel/mm/ksm/";

    /// <summary>What is known of it, by name.</summary>
    public static IReadOnlyList<(string Name, string Value)> Facts =>
    [
        ("kernel", $"{Read("/proc/sys/kernel/ostype")} {Read("/proc/sys/kernel/osrelease")}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}, {Environment.ProcessorCount} processors"),
        ("page of zeroes", Read("/proc/cmdline").Contains("no_zero_page=1", StringComparison.Ordinal) ? "none: loads of untouched memory allocate" : "shared, as usual"),
        ("huge pages", Read("/sys/kernel/mm/transparent_hugepage/enabled")),
        ("fault-around", Read("/sys/kernel/debug/fault_around_bytes")),
        ("ksm", Directory.Exists(Ksm) ? $"run {Read(Ksm + "run")}, pages_to_scan {Read(Ksm + "pages_to_scan")}, sleep_millisecs {Read(Ksm + "sleep_millisecs")}, max_page_sharing {Read(Ksm + "max_page_sharing")}" : "none"),
    ];

    /// <summary>Why a mechanism cannot be tried here, as a sentence without a subject; null if it can.</summary>
    public static string? Refuses(string mechanism) =>
        !OperatingSystem.IsLinux() ? "needs Linux"
        : mechanism is "flags" or "private" or "copied-file" or "delta" ? null
        : mechanism == "private+ksm" ? !Directory.Exists(Ksm) ? "needs a kernel with KSM (CONFIG_KSM)"
            : Environment.UserName != "root" ? "needs root, to switch ksmd on"
            : Read(Ksm + "run") != "0" || Read(Ksm + "pages_shared") != "0" ? $"needs ksmd switched off and nothing merged, since at the end everything is unmerged: write 2 and then 0 to {Ksm}run"
            : null
        : mechanism == "uprobes" ? Read("/sys/kernel/tracing/uprobe_events") == Unknown ? "needs a kernel with /sys/kernel/tracing/uprobe_events (CONFIG_UPROBE_EVENTS), mounted" : "is not tried here yet"
        : "is in no kernel";

    internal static long Number(string file) => long.Parse(Read(file), CultureInfo.InvariantCulture);

    private const string Unknown = "unknown";

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unknown;
        }
    }
}

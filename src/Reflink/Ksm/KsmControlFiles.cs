using System.Globalization;
using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Scanning;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <summary>
/// Merging's control files: those of the kernel under their own paths, and those of the partitioned proposal
/// (/sys/kernel/mm/ksm/control, /sys/kernel/mm/ksm/partition/NAME). Merging on request without a partition has its own: /sys/kernel/mm/ksm/requested.
/// </summary>
internal static class KsmControlFiles
{
    private const string Root = "/sys/kernel/mm/ksm/";

    // The proposal's limit, which is lower than that of ksm_open().
    private const int NameLimit = 50;

    /// <summary>All control files that exist now.</summary>
    public static IEnumerable<ControlFile> Of(SamepageMerging ksm, ProcessTable processes)
    {
        var own = Tunables(Root, ksm.Machine).Concat(Counters(Root, ksm.Machine));
        var partitions = ksm.Partitions.SelectMany(p => Partition($"{Root}partition/{p.Name}/", ksm, p, processes)).Concat(Partition($"{Root}requested/", ksm, ksm.Requested, processes));
        ControlFile[] control =
        [
            new(Root + "control/add_partition", null, text => Add(ksm, text)),
            new(Root + "control/remove_partition", null, text => Remove(ksm, text)),
        ];
        return own.Concat(control).Concat(partitions).Concat(processes.Alive.SelectMany(p => OfProcess(ksm, p)));
    }

    private static IEnumerable<ControlFile> Partition(string root, SamepageMerging ksm, MergePartition partition, ProcessTable processes)
    {
        return (partition.IsScanned ? Tunables(root, partition) : [])
            .Concat(Counters(root, partition))
            .Append(new(root + "trigger_merge", null, text => MergeByText(ksm, partition, processes, text)))
            .Append(new(root + "trigger_unmerge", null, text => UnmergeByText(ksm, partition, processes, text)));
    }

    private static IEnumerable<ControlFile> OfProcess(SamepageMerging ksm, Process process)
    {
        yield return new($"/proc/{process.Id}/ksm_merging_pages", () => Text(ksm.StatOf(process).MergingPages));
        yield return new($"/proc/{process.Id}/ksm_stat", () =>
        {
            var stat = ksm.StatOf(process);
            return Line(
                $"ksm_rmap_items {stat.RmapItems}", $"ksm_zero_pages {stat.ZeroPages}", $"ksm_merging_pages {stat.MergingPages}",
                $"ksm_process_profit {stat.ProcessProfit}", $"ksm_merge_any: {(stat.MergeAny ? "yes" : "no")}", $"ksm_mergeable: {(stat.Mergeable ? "yes" : "no")}");
        });
    }

    private static IEnumerable<ControlFile> Tunables(string root, MergePartition partition)
    {
        var t = partition.Tunables;
        var daemon = partition.Daemon;
        return
        [
            new(root + "run", () => Text((int)daemon.Run), v => daemon.Run = (KsmRun)Number(v, int.MaxValue)),
            new(root + "pages_to_scan", () => Text(t.PagesToScan), v => t.PagesToScan = (uint)Number(v, uint.MaxValue)),
            new(root + "sleep_millisecs", () => Text(t.SleepMilliseconds), v => t.SleepMilliseconds = (uint)Number(v, uint.MaxValue)),
            new(root + "merge_across_nodes", () => Text(t.MergeAcrossNodes ? 1 : 0), v => t.MergeAcrossNodes = Number(v, 1) == 1),
            new(root + "max_page_sharing", () => Text(t.MaxPageSharing), v => t.MaxPageSharing = (int)Number(v, int.MaxValue)),
            new(
                root + "stable_node_chains_prune_millisecs", () => Text(t.StableNodeChainsPruneMilliseconds),
                v => t.StableNodeChainsPruneMilliseconds = (uint)Number(v, uint.MaxValue)),
            new(root + "use_zero_pages", () => Text(t.UseZeroPages ? 1 : 0), v => t.UseZeroPages = Bool(v)),
            new(root + "smart_scan", () => Text(t.SmartScan ? 1 : 0), v => t.SmartScan = Bool(v)),
            new(
                root + "advisor_mode", () => t.AdvisorMode == AdvisorMode.None ? "[none] scan-time" : "none [scan-time]",
                v => t.AdvisorMode = v switch { "none" => AdvisorMode.None, "scan-time" => AdvisorMode.ScanTime, _ => throw Invalid(v, "none or scan-time") }),
            new(root + "advisor_max_cpu", () => Text(t.AdvisorMaxCpu), v => t.AdvisorMaxCpu = Number(v, ulong.MaxValue)),
            new(root + "advisor_min_pages_to_scan", () => Text(t.AdvisorMinPagesToScan), v => t.AdvisorMinPagesToScan = Number(v, ulong.MaxValue)),
            new(root + "advisor_max_pages_to_scan", () => Text(t.AdvisorMaxPagesToScan), v => t.AdvisorMaxPagesToScan = Number(v, ulong.MaxValue)),
            new(root + "advisor_target_scan_time", () => Text(t.AdvisorTargetScanTime), v => t.AdvisorTargetScanTime = (long)Number(v, long.MaxValue)),
        ];
    }

    private static IEnumerable<ControlFile> Counters(string root, MergePartition partition)
    {
        return ((string Name, Func<KsmCounters, long> Value)[])
        [
            ("full_scans", c => c.FullScans), ("general_profit", c => c.GeneralProfit), ("ksm_zero_pages", c => c.ZeroPages),
            ("pages_scanned", c => c.PagesScanned), ("pages_shared", c => c.PagesShared), ("pages_sharing", c => c.PagesSharing),
            ("pages_skipped", c => c.PagesSkipped), ("pages_unshared", c => c.PagesUnshared), ("pages_volatile", c => c.PagesVolatile),
            ("stable_node_chains", c => c.StableNodeChains), ("stable_node_dups", c => c.StableNodeDups),
        ]
        is var counters
            ? counters.Select(c => new ControlFile(root + c.Name, () => Text(c.Value(partition.Counters))))
            : [];
    }

    // "NAME [sync] [inherit]"
    private static void Add(SamepageMerging ksm, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0].Length >= NameLimit || words[1..].Any(w => w is not ("sync" or "inherit")))
        {
            throw Invalid(text, $"a name of fewer than {NameLimit} bytes, and behind it 'sync' or 'inherit' or both");
        }

        var flags = (words.Contains("sync") ? KsmOpenFlags.Synchronous : 0) | (words.Contains("inherit") ? KsmOpenFlags.Inherit : 0);
        ksm.Table.Add(words[0], ksm.Machine.Owner, FileModes.Private, flags).IsPermanent = true;
    }

    private static void Remove(SamepageMerging ksm, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || (words.Length == 2 && words[1] != "force"))
        {
            throw Invalid(text, "a partition's name, and behind it 'force' if it has members");
        }

        if (words.Length == 2)
        {
            ksm.Table.RemoveWithMembers(words[0]);
        }
        else
        {
            ksm.Table.Remove(words[0]);
        }
    }

    // "PID START END", the addresses in hexadecimal.
    private static void MergeByText(SamepageMerging ksm, MergePartition partition, ProcessTable processes, string text)
    {
        var (process, start, end) = Range(processes, text);
        _ = partition == ksm.Requested
            ? ksm.Merge(null, process, start, end - start)
            : ksm.Join(null, partition, process, start, end - start, MergeFlags.None);
    }

    // "PID", or with a range as above.
    private static void UnmergeByText(SamepageMerging ksm, MergePartition partition, ProcessTable processes, string text)
    {
        if (!text.Contains(' '))
        {
            var whole = Find(processes, text);
            foreach (var vma in whole.Memory.Mappings.Where(v => v.Merging == partition.Domain).ToList())
            {
                ksm.Withdraw(null, partition, whole, vma.Start.Address, vma.Length << Page.Shift);
            }

            return;
        }

        var (process, start, end) = Range(processes, text);
        ksm.Withdraw(null, partition, process, start, end - start);
    }

    private static (Process Process, long Start, long End) Range(ProcessTable processes, string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 3 && TryHex(words[1], out var start) && TryHex(words[2], out var end) && start < end
            ? (Find(processes, words[0]), start, end)
            : throw Invalid(text, "a process's number, and the first and the last address but one in hexadecimal");
    }

    private static Process Find(ProcessTable processes, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? processes.Alive.FirstOrDefault(p => p.Id.Value == id) ?? throw new ReflinkException(Errno.ESRCH, $"there is no process {id}")
        : throw Invalid(text, "a process's number");

    private static bool TryHex(string text, out long value) => long.TryParse(
        text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static ulong Number(string text, ulong most) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most ? value : throw Invalid(text, $"a number from 0 to {most}");

    // kstrtobool, lib/kstrtox.c
    private static bool Bool(string text) => text.ToLowerInvariant() switch
    {
        ['1' or 'y' or 't', ..] or ['o', 'n', ..] => true,
        ['0' or 'n' or 'f', ..] or ['o', 'f', ..] => false,
        _ => throw Invalid(text, "0 or 1, y or n, on or off"),
    };

    private static ReflinkException Invalid(string text, string what) => new(Errno.EINVAL, $"'{text}' is not what is wanted: {what}");

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Line(params ReadOnlySpan<string> lines) => string.Join('\n', lines!);
}

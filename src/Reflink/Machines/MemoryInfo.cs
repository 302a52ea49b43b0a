using System.Globalization;

namespace Reflink.Machines;

/// <summary>/proc/meminfo (fs/proc/meminfo.c): sizes in KiB, from the counters of <see cref="VmStat"/>. A line whose counters the machine does not keep is left out.</summary>
internal static class MemoryInfo
{
    // Each line's name, and the counters that it adds up.
    private static readonly (string Name, string[] Counters)[] s_lines =
    [
        ("MemFree", ["nr_free_pages"]), ("Cached", ["nr_file_pages"]), ("SwapCached", ["nr_swapcached"]),
        ("Active", ["nr_active_anon", "nr_active_file"]), ("Inactive", ["nr_inactive_anon", "nr_inactive_file"]),
        ("Active(anon)", ["nr_active_anon"]), ("Inactive(anon)", ["nr_inactive_anon"]),
        ("Active(file)", ["nr_active_file"]), ("Inactive(file)", ["nr_inactive_file"]),
        ("Unevictable", ["nr_unevictable"]), ("Mlocked", ["nr_mlock"]),
        ("SwapTotal", []), ("SwapFree", []),
        ("Dirty", ["nr_dirty"]), ("Writeback", ["nr_writeback"]), ("AnonPages", ["nr_anon_pages"]), ("Mapped", ["nr_mapped"]),
    ];

    /// <summary>The file's text.</summary>
    public static string Text(Machine machine)
    {
        var counters = VmStat.Of(machine).ToDictionary(c => c.Name, c => c.Value);
        var (used, capacity) = machine.Cache.SwapPages;
        (counters["SwapTotal"], counters["SwapFree"]) = (capacity, capacity - used);
        var lines = s_lines
            .Select(line => (line.Name, Values: (line.Counters is [] ? [line.Name] : line.Counters).Where(counters.ContainsKey).Select(name => counters[name]).ToList()))
            .Where(line => line.Values.Count > 0)
            .Select(line => Line(line.Name, line.Values.Sum()));
        return string.Join('\n', lines.Prepend(Line("MemTotal", machine.Cache.FrameCount)));
    }

    // show_val_kb: names take 16 places, numbers 8.
    private static string Line(string name, long pages) =>
        string.Create(CultureInfo.InvariantCulture, $"{name + ":",-16}{pages * Page.Size / 1024,8} kB");
}

namespace Reflink.Studies.Scenarios.Text;

/// <summary>The functions of formulas that ask a run: its machine, or the generator that its seed started.</summary>
internal static class RunFunctions
{
    /// <summary>How each is called, and what it gives.</summary>
    public static IReadOnlyList<(string Usage, string Does)> All { get; } =
    [
        ("address(NAME, PROCESS)", "where a process maps a file or memory: the first address"),
        ("concat(TEXT, TEXT, ...)", "the texts one behind the other; + would add what looks like numbers"),
        ("control(FILE)", "what a control file says, such as /proc/sys/vm/swappiness; names without / are of /sys/kernel/mm/ksm/"),
        ("frame(NAME, PROCESS, PAGE)", "the number of the frame that a page of a mapping is in; -1 if it is in none"),
        ("hex(NUMBER)", "the number in hexadecimal digits, as control files take addresses"),
        ("members(PARTITION)", "how many processes have memory in a partition of ksm"),
        ("pid(PROCESS)", "the number of a process"),
        ("random(BELOW)", "a random whole number from 0 up to, and without, BELOW; drawn by the seed"),
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(f => f.Usage[..f.Usage.IndexOf('(', StringComparison.Ordinal)])];
}

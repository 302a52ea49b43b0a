using System.Globalization;

namespace Reflink.Benchmarks;

/// <summary>Reads /proc/PID/smaps (proc_pid_smaps(5)).</summary>
internal static class SmapsFile
{
    /// <summary>The Pss and Private_Dirty of a process' executable mappings of a file, in KiB.</summary>
    public static (long Pss, long PrivateDirty) Sum(int process, string file)
    {
        var (pss, dirty, counts) = (0L, 0L, false);
        foreach (var line in File.ReadLines($"/proc/{process}/smaps"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                counts = words[1].Contains('x', StringComparison.Ordinal) && line.EndsWith($" {file}", StringComparison.Ordinal);
            }
            else if (counts && words[0] is ("Pss:" or "Private_Dirty:"))
            {
                var size = long.Parse(words[1], CultureInfo.InvariantCulture);
                (pss, dirty) = words[0] == "Pss:" ? (pss + size, dirty) : (pss, dirty + size);
            }
        }

        return (pss, dirty);
    }
}

using System.Diagnostics;
using System.Globalization;
using Reflink.Units;

namespace Reflink.Studies.Live;

/// <summary>ksmd, set fast and let run until it has merged what there is to merge.</summary>
internal static class LiveMerging
{
    private const int Scans = 3;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    // What ksmd is set to; its own settings come back when the keeper ends.
    private static readonly (string Name, string Text)[] s_settings = [("sleep_millisecs", "0"), ("pages_to_scan", "20000")];

    /// <summary>Runs it; returns the nanoseconds of processor time that it took.</summary>
    /// <exception cref="ReflinkException">EIO: it has not come to an end.</exception>
    public static long Settle(LiveProcess keeper, CancellationToken cancel)
    {
        var before = Ticks();
        foreach (var (name, text) in s_settings)
        {
            keeper.RestoreAtEnd(LiveHost.Ksm + name, File.ReadAllText(LiveHost.Ksm + name));
            File.WriteAllText(LiveHost.Ksm + name, text);
        }

        // What was merged is unmerged first, for a ksmd that is switched off forgets nothing, not even of processes that have ended.
        keeper.RestoreAtEnd(LiveHost.Ksm + "run", "0");
        keeper.RestoreAtEnd(LiveHost.Ksm + "run", "2");
        File.WriteAllText(LiveHost.Ksm + "run", "1");
        var (start, sharing) = (LiveHost.Number(LiveHost.Ksm + "full_scans"), -1L);
        for (var watch = Stopwatch.StartNew(); ; Thread.Sleep(20))
        {
            cancel.ThrowIfCancellationRequested();
            var (scans, now) = (LiveHost.Number(LiveHost.Ksm + "full_scans"), LiveHost.Number(LiveHost.Ksm + "pages_sharing"));
            if (scans >= start + Scans && now == sharing)
            {
                break;
            }

            (start, sharing) = now == sharing ? (start, sharing) : (scans, now);
            if (watch.Elapsed > s_longest)
            {
                throw new ReflinkException(Errno.EIO, $"ksmd still finds pages to merge after {s_longest.TotalMinutes} minutes; take fewer processes");
            }
        }

        File.WriteAllText(LiveHost.Ksm + "run", "0");
        return (Ticks() - before) * 10_000_000;
    }

    // The 14th and 15th field of /proc/PID/stat are user and system time, in hundredths of a second; the second is the name in parentheses.
    private static long Ticks()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            try
            {
                var stat = File.ReadAllText($"{folder}/stat");
                if (stat.Contains(" (ksmd) ", StringComparison.Ordinal))
                {
                    var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                    return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process has ended meanwhile.
            }
        }

        return 0;
    }
}

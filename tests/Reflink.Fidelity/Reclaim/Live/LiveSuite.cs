using System.Globalization;
using System.Text.RegularExpressions;
using Reflink.Studies;

namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>A way to record: what the accesses are, the limit of the group, and its swappiness.</summary>
/// <param name="Letter">
/// R: pread. M: loads through a shared mapping. W: pread, pwrite and stores through a shared mapping. A: loads from and stores to
/// anonymous memory. X: loads through a shared mapping, and anonymous loads and stores.
/// </param>
/// <param name="Megabytes">The limit of the group, in MiB.</param>
/// <param name="Swappiness">From 0 to 200.</param>
public sealed partial record LiveSuite(char Letter, int Megabytes, int Swappiness)
{
    /// <summary>The swappiness of a suite whose name has none.</summary>
    public const int UsualSwappiness = 60;

    // Whole blocks that fault-around could map are either file or anonymous.
    private const int BlockPages = 16;

    /// <summary>Each kind of suite.</summary>
    public const string Letters = "RMWAX";

    private static readonly int[] s_swappiness = [10, 60, 100, 200];

    /// <summary>The name in the names of files: M16, or X100-64 with the swappiness before the limit.</summary>
    public string Name => Letter == 'X'
        ? string.Create(CultureInfo.InvariantCulture, $"X{Swappiness}-{Megabytes}")
        : string.Create(CultureInfo.InvariantCulture, $"{Letter}{Megabytes}");

    /// <summary>The limit, in pages.</summary>
    public int Pages => Megabytes << (20 - Page.Shift);

    /// <summary>Whether anonymous memory is used, so that a swap file is needed.</summary>
    public bool Swaps => Letter is 'A' or 'X';

    /// <summary>Whether the file is used.</summary>
    public bool HasFile => Letter != 'A';

    /// <summary>The suites of a letter at a limit: four of X, one of the others.</summary>
    public static IEnumerable<LiveSuite> Of(char letter, int megabytes) => letter == 'X'
        ? s_swappiness.Select(s => new LiveSuite(letter, megabytes, s))
        : [new LiveSuite(letter, megabytes, UsualSwappiness)];

    /// <summary>The suite of a name; null if the name is none.</summary>
    public static LiveSuite? Parse(string name)
    {
        var match = NamePattern().Match(name);
        if (!match.Success)
        {
            return null;
        }

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return match.Groups["swappiness"].Success
            ? Number("swappiness") <= 200 ? new LiveSuite('X', Number("limit"), Number("swappiness")) : null
            : new LiveSuite(match.Groups["letter"].Value[0], Number("limit"), UsualSwappiness);
    }

    /// <summary>How each access of a trace uses its page: the same for the same trace and seed.</summary>
    public TouchKind[] Kinds(PageTrace trace, ulong seed)
    {
        var random = new SplitMix(unchecked((seed * 31) + Letter));
        var stored = new HashSet<uint>();
        return [.. trace.Pages.Select(page => Letter switch
        {
            'R' => TouchKind.Read,
            'M' => TouchKind.Load,
            'W' => random.Below(4) switch { 0 => TouchKind.Write, 1 => TouchKind.Store, _ => TouchKind.Read },
            'X' when (new SplitMix(unchecked(seed + (page / BlockPages))).Next() & 1) == 0 => TouchKind.Load,
            _ => stored.Add(page) || random.Below(4) == 0 ? TouchKind.AnonymousStore : TouchKind.AnonymousLoad,
        })];
    }

    [GeneratedRegex(@"^(?:(?<letter>[RMWA])|X(?<swappiness>\d{1,3})-)(?<limit>[1-9]\d{0,4})$")]
    private static partial Regex NamePattern();
}

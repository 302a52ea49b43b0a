using System.CommandLine;
using System.Globalization;
using Reflink.Fidelity.Policies;

namespace Reflink.Fidelity;

/// <summary>Compares the miss ratios of policies with those that libCacheSim printed.</summary>
internal sealed class PoliciesCommand
{
    private readonly Option<DirectoryInfo?> _data = new("--data") { Description = "A folder with libcachesim.csv and its traces. [default: policies below REFLINK_DATA, or below shared/data in a folder above]" };
    private readonly Option<bool> _all = new("--all") { Description = "Print every row, not only those that differ." };

    /// <summary>The command for a command line.</summary>
    public Command Build()
    {
        var command = new Command("policies", "Miss ratios of every policy beside those of libCacheSim, row by row.") { _data, _all };
        command.SetAction(line => Act(line.GetValue(_data)?.FullName ?? DataFolder.Find("policies"), line.GetValue(_all)));
        return command;
    }

    private static int Act(string? folder, bool all)
    {
        if (folder is null)
        {
            Console.Error.WriteLine("there is no folder shared/data/policies here or above; name the folder with --data, or set REFLINK_DATA to the folder above it");
            return 2;
        }

        Console.Error.WriteLine($"data: {folder}; no kernel is asked");
        var table = Path.Combine(folder, "libcachesim.csv");
        if (!File.Exists(table))
        {
            Console.Error.WriteLine($"{table} is not there; name the folder with --data");
            return 2;
        }

        var rows = PublishedRatio.Read(table);
        var results = rows.GroupBy(r => r.Trace).SelectMany(t => RatioCheck.Run(Path.Combine(folder, $"{t.Key}.oracleGeneral.bin.zst"), [.. t])).ToList();
        foreach (var result in results.Where(r => all || !r.Holds || r.Difference != 0))
        {
            Console.WriteLine(result);
        }

        foreach (var policy in results.GroupBy(r => r.Published.Policy))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{policy.Key,-9} {policy.Count(r => r.Difference == 0),3} of {policy.Count(),3} rows equal, the most apart {policy.Max(r => Math.Abs(r.Difference)):0.0000}, owed {policy.First().Owed}: {(policy.All(r => r.Holds) ? "holds" : "FAILS")}"));
        }

        var failed = results.Count(r => !r.Holds);
        Console.WriteLine($"{results.Count} rows, {failed} too far apart");
        return failed == 0 && results.Count > 0 ? 0 : 1;
    }
}

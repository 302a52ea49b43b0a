using System.Globalization;

namespace Reflink.Samples;

/// <summary>Runs a sample by its name: <c>dotnet run --project src/Reflink.Samples -- clones</c>.</summary>
public static class Program
{
    private static readonly (string Name, string About, Action<TextWriter, string[]> Run)[] s_samples =
    [
        ("clones", "three clones, and who shares what", (output, _) => SharedClones.Run(output)),
        ("pressure", "a hot set beside a scan, in memory that is too small for both, under every policy", (output, _) => ReclaimPressure.Run(output)),
        ("patching [BINARY]", "breakpoints on the functions of a binary in 20 processes, by four designs", CodePatching.Run),
        ("policy", "a replacement policy of one's own, beside LRU", (output, _) => OwnPolicy.Run(output)),
    ];

    /// <summary>Runs the sample that the first argument names.</summary>
    public static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (args is [var name, .. var rest] && Array.Find(s_samples, s => s.Name.Split(' ')[0] == name) is { Run: { } run })
        {
            run(Console.Out, rest);
            return 0;
        }

        Console.Error.WriteLine("Name one of the samples:");
        Array.ForEach(s_samples, s => Console.Error.WriteLine($"  {s.Name,-18} {s.About}"));
        return 2;
    }
}

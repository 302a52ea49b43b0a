using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;
using Reflink.Units;

namespace Reflink.Tests.Studies;

/// <summary>What a trace accesses, as text: r3:7 reads page 7 of file 3.</summary>
internal static class TracePages
{
    public static string Of(string path, string? format) => string.Join(' ', List(path, format).Select(a => $"{(a.Kind == AccessKind.Write ? 'w' : 'r')}{a.Page.Label.Inode}:{a.Page.Label.Page}"));

    public static string Numbers(string path) => string.Join(' ', List(path, "lirs").Select(a => a.Page.Value));

    private static List<PageAccess> List(string path, string? format)
    {
        using var trace = Trace.Open(path, new TraceOptions { Format = format });
        var (accesses, batch) = (new List<PageAccess>(), new PageAccess[7]);
        for (int count; (count = trace.Read(batch)) > 0;)
        {
            accesses.AddRange(batch.AsSpan(0, count));
        }

        return accesses;
    }
}

namespace Reflink.Cluster.Tests;

/// <summary>The files of a study's folder.</summary>
internal static class ResultFiles
{
    // Only this one says when and how fast runs were done.
    private const string Log = "log.jsonl";

    /// <summary>Two folders have the same files with the same bytes.</summary>
    public static void RequireSame(string expected, string actual)
    {
        Assert.Equal(NamesOf(expected), NamesOf(actual));
        Assert.All(NamesOf(expected), name => Assert.Equal(File.ReadAllBytes(Path.Combine(expected, name)), File.ReadAllBytes(Path.Combine(actual, name))));
    }

    private static IReadOnlyList<string> NamesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Where(name => name != Log).Order(StringComparer.Ordinal)];
}

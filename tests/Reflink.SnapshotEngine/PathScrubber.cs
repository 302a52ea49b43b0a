using System.Text;

namespace Reflink.SnapshotEngine;

/// <summary>Replaces the directories of this machine by their roles, so that snapshots are the same everywhere.</summary>
internal sealed class PathScrubber
{
    private readonly List<(string Path, string Role)> _paths = [];

    /// <summary>Of two roles of one directory the first given counts.</summary>
    public PathScrubber(IEnumerable<(string? Path, string Role)> paths)
    {
        foreach (var (path, role) in paths)
        {
            var trimmed = path?.TrimEnd('/', '\\');
            if (!string.IsNullOrEmpty(trimmed) && !_paths.Exists(p => Same(p.Path, trimmed)))
            {
                _paths.Add((trimmed, role));
            }
        }

        _paths.Sort((a, b) => b.Path.Length.CompareTo(a.Path.Length));
    }

    public static PathScrubber For(TestSite site, GlobalSettings global) =>
        For(site, global, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <param name="home">The user's folder; empty where the user has none.</param>
    internal static PathScrubber For(TestSite site, GlobalSettings global, string home) => new(
    [
        (AppContext.BaseDirectory, "{CurrentDirectory}"),
        (Environment.CurrentDirectory, "{CurrentDirectory}"),
        (Path.GetTempPath(), "{TempPath}"),
        (global.ScrubsHome ? home : null, "{UserProfile}"),
        (global.ScrubsProject ? site.ProjectDirectory : null, "{ProjectDirectory}"),
        (global.ScrubsSolution ? site.SolutionDirectory : null, "{SolutionDirectory}"),
    ]);

    public string Scrub(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var (path, role) = Match(text, at);
            if (path is null)
            {
                result.Append(text[at++]);
                continue;
            }

            result.Append(role);
            at += path.Length;
            at += at < text.Length && IsSeparator(text[at]) ? 1 : 0;
        }

        return result.ToString();
    }

    private (string? Path, string Role) Match(string text, int at)
    {
        if (at > 0 && char.IsLetterOrDigit(text[at - 1]))
        {
            return (null, "");
        }

        return _paths.Find(p => Ends(text, at + p.Path.Length) && Same(text.AsSpan(at, p.Path.Length), p.Path));
    }

    private static bool Ends(string text, int end) =>
        end == text.Length || (end < text.Length && !char.IsLetterOrDigit(text[end]));

    private static bool Same(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var same = a.Length == b.Length;
        for (var i = 0; same && i < a.Length; i++)
        {
            same = a[i] == b[i] || (IsSeparator(a[i]) && IsSeparator(b[i]));
        }

        return same;
    }

    private static bool IsSeparator(char c) => c is '/' or '\\';
}

namespace Reflink.Fidelity.Filesystems;

/// <summary>A system call on one path, or on two.</summary>
/// <param name="Verb">The call.</param>
/// <param name="Path">The path, from the root of the filesystem.</param>
/// <param name="Other">The second path of a call that has two.</param>
public readonly record struct PathCall(PathVerb Verb, string Path, string Other = "")
{
    /// <summary>What both filesystems hold before a call: what a path may lead to, and each way to lead there.</summary>
    public static readonly IReadOnlyList<PathCall> Tree =
    [
        new(PathVerb.CreateNew, "/f"), new(PathVerb.MakeDirectory, "/d"), new(PathVerb.CreateNew, "/d/f"), new(PathVerb.MakeDirectory, "/d/e"),
        new(PathVerb.MakeDirectory, "/e"), new(PathVerb.MakeLink, "/l", "f"), new(PathVerb.MakeLink, "/dl", "d"), new(PathVerb.MakeLink, "/x", "n"),
        new(PathVerb.MakeLink, "/xs", "n/"), new(PathVerb.MakeLink, "/xx", "no/n"), new(PathVerb.MakeLink, "/me", "me"), new(PathVerb.MakeLink, "/fs", "f/"),
        new(PathVerb.Link, "/f", "/g"),
    ];

    private static readonly string s_long = new('a', 256);

    private static readonly string[] s_names = ["/f", "/g", "/d", "/d/e", "/d/f", "/e", "/l", "/dl", "/x", "/xs", "/xx", "/me", "/fs", "/n", "/n/m", "/f/m", "/dl/f", $"/{s_long}"];
    private static readonly string[] s_endings = ["", "/", "//", "/.", "/..", "/./"];

    /// <summary>Every call on every path, and those with two paths on every pair; the root itself is no path of a mounted filesystem.</summary>
    public static IEnumerable<PathCall> All()
    {
        string[] paths = [.. s_names.SelectMany(_ => s_endings, (name, ending) => name + ending)];
        foreach (var verb in Enum.GetValues<PathVerb>())
        {
            string[] others = verb >= PathVerb.Link ? [.. paths.Where(p => !p.EndsWith("//", StringComparison.Ordinal))] : [verb == PathVerb.MakeLink ? "f" : ""];
            foreach (var call in paths.SelectMany(_ => others, (path, other) => new PathCall(verb, path, other)))
            {
                yield return call;
            }
        }
    }

    /// <summary>The calls that two filesystems answer differently, or after which they hold something else.</summary>
    public static IEnumerable<string> Differences(IEnumerable<PathCall> calls, IPathDriver one, IPathDriver two)
    {
        one.Reset();
        two.Reset();
        foreach (var call in calls)
        {
            var (here, there) = (one.Do(call), two.Do(call));
            if (here != there)
            {
                yield return $"{call}: {here} and {there}";
            }

            if ((!here.StartsWith('E') || !there.StartsWith('E')) && !IsReading(call.Verb))
            {
                if (one.List() is var left && two.List() is var right && left != right)
                {
                    yield return $"{call}: then there are {left} and {right}";
                }

                one.Reset();
                two.Reset();
            }
        }
    }

    private static bool IsReading(PathVerb verb) => verb is PathVerb.Read or PathVerb.Write or PathVerb.List or PathVerb.Stat or PathVerb.StatLink or PathVerb.ReadLink or PathVerb.SetMode;
}

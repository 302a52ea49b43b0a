using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>No namespace of src needs, directly or through others, a namespace that needs it.</summary>
public static partial class CycleRule
{
    public static IEnumerable<Offence> Check(IReadOnlyList<SourceFile> files)
    {
        var sources = files.Where(f => f.Project is not null).ToList();
        var declared = sources.SelectMany(f => TypeRule.TypesOf(f).Select(type => (Namespace: Own(f), Type: type)))
            .ToLookup(d => d.Namespace, d => d.Type, StringComparer.Ordinal);
        var uses = sources.SelectMany(f => UsesOf(f, declared)).ToLookup(u => u.From, StringComparer.Ordinal);
        foreach (var group in uses)
        {
            foreach (var use in group.DistinctBy(u => u.To).Where(u => Reaches(u.To, u.From, uses)))
            {
                yield return new(use.Path, use.Line, $"{use.From} needs {use.To}, which needs {use.From}: a cycle of namespaces");
            }
        }
    }

    private static string Own(SourceFile file) => string.Join('.', file.Folders.Skip(1));

    /// <summary>The namespaces that a file names, and the enclosing ones of which it names a type, for that takes no using.</summary>
    private static IEnumerable<(string From, string To, string Path, int Line)> UsesOf(SourceFile file, ILookup<string, string> declared)
    {
        var own = Own(file);
        foreach (var (line, match) in file.Find(Qualified()))
        {
            var named = match.Value;
            while (named.Contains('.', StringComparison.Ordinal) && !declared.Contains(named))
            {
                named = named[..named.LastIndexOf('.')];
            }

            if (named != own && declared.Contains(named))
            {
                yield return (own, named, file.Path, line);
            }
        }

        foreach (var (line, folder) in FrontTypes.NamedIn(file))
        {
            if ($"Reflink.{folder}" is var named && named != own && declared.Contains(named))
            {
                yield return (own, named, file.Path, line);
            }
        }

        var own_types = declared[own].ToHashSet(StringComparer.Ordinal);
        for (var outer = own; outer.LastIndexOf('.') is > 0 and var dot;)
        {
            outer = outer[..dot];
            var types = declared[outer].Where(t => !own_types.Contains(t)).ToHashSet(StringComparer.Ordinal);
            foreach (var (line, match) in file.Find(Simple()).Where(w => types.Contains(w.Match.Value)))
            {
                yield return (own, outer, file.Path, line);
            }
        }
    }

    private static bool Reaches(string from, string to, ILookup<string, (string From, string To, string Path, int Line)> uses)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out var next))
        {
            if (next == to)
            {
                return true;
            }

            foreach (var use in uses[next].Where(u => seen.Add(u.To)))
            {
                open.Enqueue(use.To);
            }
        }

        return false;
    }

    [GeneratedRegex(@"(?<![\w.])Reflink(?:\.\w+)+")]
    private static partial Regex Qualified();

    // A name behind a dot is a member's, one before a brace, an arrow or a comma mostly a property's, one before a parenthesis a method's.
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w+\b(?!\s*(?:=>|\{|\(|;))|(?<=\bnew )[A-Z]\w+")]
    private static partial Regex Simple();
}

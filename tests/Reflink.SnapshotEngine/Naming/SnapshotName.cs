using System.Reflection;
using VerifyTests;

namespace Reflink.SnapshotEngine.Naming;

/// <summary>Where a snapshot lies, and what its two files begin with.</summary>
internal sealed record SnapshotName(string Directory, string Received, string Verified)
{
    public static SnapshotName Of(TestSite site, NameChoices choices, GlobalSettings global)
    {
        var path = global.Derive?.Invoke(site.SourceFile, site.ProjectDirectory, site.Type, site.Method) ?? default;
        var directory = Path.Combine(site.SourceDirectory, choices.Directory ?? path.Directory ?? "");
        var stem = choices.FileName ?? Stem(site, choices, path);
        var suffixes = new UniqueSuffixes(choices, site);
        return new(directory, stem + suffixes.Received, stem + suffixes.Verified);
    }

    public FilePair Pair(string extension) => new(
        extension,
        Path.Combine(Directory, $"{Received}.received.{extension}"),
        Path.Combine(Directory, $"{Verified}.verified.{extension}"));

    private static string Stem(TestSite site, NameChoices choices, PathInfo path)
    {
        var type = choices.TypeName ?? path.TypeName ?? TypeName(site.Type);
        var method = choices.MethodName ?? path.MethodName ?? site.Method.Name;
        return $"{type}.{method}{Parameters(site.Method, choices)}";
    }

    // One parent only, whatever the depth: Verify's rule.
    private static string TypeName(Type type) => type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;

    private static string Parameters(MethodInfo method, NameChoices choices)
    {
        if (choices.ParametersText is { } text)
        {
            return "_" + text;
        }

        var names = method.GetParameters();
        var values = choices.Parameters ?? [];
        if (values.Count > names.Length)
        {
            throw new ArgumentException(
                $"The number of passed in parameters ({values.Count}) must not exceed the number of parameters for the method ({names.Length}).");
        }

        return string.Concat(values.Select((value, i) => $"_{names[i].Name}={ParameterText.Of(value)}"));
    }
}

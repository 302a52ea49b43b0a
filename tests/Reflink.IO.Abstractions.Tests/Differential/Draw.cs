namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>Draws programs from a seed.</summary>
internal static class Draw
{
    private const int Making = 8;

    private static readonly string[] s_names = ["a", "b", "c", "d.txt", "E.Txt", ".h"];

    private static readonly string[] s_making = ["Directory.CreateDirectory", "File.WriteAllBytes", "File.WriteAllText", "File.CreateSymbolicLink", "Directory.CreateDirectory"];

    private static readonly Verb[] s_makers = [.. s_making.Select(name => Verbs.First(v => v.Name == name))];

    private static readonly Verb[] s_verbs = [.. Verbs.SelectMany(v => Enumerable.Repeat(v, v.Weight))];

    /// <summary>Everything that programs do.</summary>
    public static IEnumerable<Verb> Verbs => [.. FileVerbs.All, .. DirectoryVerbs.All, .. StreamVerbs.All, .. InfoVerbs.All, .. AttributeVerbs.All];

    /// <summary>The program of a seed: it begins with a small tree, so that something is there.</summary>
    public static IReadOnlyList<Step> Program(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(n => new Step(
            n < Making ? s_makers[random.Next(s_makers.Length)] : s_verbs[random.Next(s_verbs.Length)], Path(random), Path(random), random.Next(1000), random.Next(1000)))];
    }

    private static string Path(Random random)
    {
        var names = Enumerable.Range(0, random.Next(20) switch { < 11 => 1, < 17 => 2, _ => 3 }).Select(_ => s_names[random.Next(s_names.Length)]);
        var path = string.Join('/', names);
        return random.Next(60) switch
        {
            0 => "",
            1 => Stage.Nothing,
            2 or 3 => path + "/",
            4 => path + "/../" + s_names[random.Next(s_names.Length)],
            5 => path + "/./a",
            6 => new string('n', 300),
            7 => path + "\0",
            _ => path,
        };
    }
}

namespace Reflink.Tests.Tidy;

/// <summary>Every stratum says on one screen what it is.</summary>
public static class ReadmeRule
{
    public const int Lines = 120;

    /// <param name="readmes">The strata that are there, and the README.md of each, if it has one.</param>
    public static IEnumerable<Offence> Check(IEnumerable<(string Stratum, SourceFile? Readme)> readmes) =>
        readmes.Where(r => r.Readme is null || r.Readme.LineCount > Lines).Select(r => r.Readme is null
            ? new Offence($"src/Reflink/{r.Stratum}/README.md", 1, "every stratum has a README.md")
            : new Offence(r.Readme.Path, Lines + 1, $"a stratum's README.md has at most {Lines} lines"));
}

namespace Reflink.Tests.Tidy;

/// <summary>The tree keeps the rules of the house; every offender is listed.</summary>
public sealed class TidyTests
{
    private readonly SourceTree _tree = new();

    [Fact]
    public void SourcesAreTidy() => None(House.CheckSources(_tree.Sources));

    [Fact]
    public void PackageVersionsAreInOnePlace() => None(_tree.Projects.SelectMany(ProjectRule.Check));

    [Fact]
    public void EveryStratumSaysWhatItIs() => None(ReadmeRule.Check(_tree.Readmes));

    [Fact]
    public void TheTreeIsFound()
    {
        Assert.Contains(_tree.Sources, f => f.Path == "src/Reflink/Units/PageIndex.cs" && f.Stratum == "Units");
        Assert.Contains(_tree.Projects, f => f.Path == "Directory.Packages.props");
        Assert.Contains(_tree.Readmes, r => r.Stratum == "Units");
    }

    private static void None(IEnumerable<Offence> offences)
    {
        var list = offences.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list.Prepend(null)));
    }
}

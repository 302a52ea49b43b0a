namespace Reflink.Tests.Tidy;

/// <summary>The tree keeps the rules of the house; every offender is listed.</summary>
public sealed class TidyTests
{
    private readonly SourceTree _tree = new();

    [Fact]
    public void SourcesAreTidy() => None(House.CheckSources(Some(_tree.Sources)));

    [Fact]
    public void PackageVersionsAreInOnePlace() => None(Some(_tree.Projects).SelectMany(ProjectRule.Check));

    [Fact]
    public void EveryStratumSaysWhatItIs() => None(ReadmeRule.Check(Some([.. _tree.Readmes])));

    [Fact]
    public void TheReadmeIsReadAtOnce()
    {
        var lines = _tree.Readme.Text.TrimEnd('\n').Split('\n');

        Assert.InRange(lines.Length, 50, 250);
        Assert.DoesNotContain(lines, line => line.Length > 100);
    }

    [Fact]
    public void TheTreeIsFound()
    {
        Assert.Contains(_tree.Sources, f => f.Path == "src/Reflink/Units/PageIndex.cs" && f.Stratum == "Units");
        Assert.Contains(_tree.Projects, f => f.Path == "Directory.Packages.props");
        Assert.Contains(_tree.Readmes, r => r.Stratum == "Units");
    }

    [Fact]
    public void ATreeBelowAFolderNamedBinIsRead()
    {
        using var folder = new ScratchFolder("tidy");
        foreach (var path in new[] { "src/Reflink/Units/A.cs", "src/Reflink/bin/B.cs", "tests/obj/C.cs" })
        {
            var file = folder.Of("bin/a b/" + path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "");
        }

        Assert.Equal(["src/Reflink/Units/A.cs"], new SourceTree(folder.Of("bin/a b")).Sources.Select(f => f.Path));
    }

    // A rule that looks at nothing would be kept by any tree.
    private static IReadOnlyList<T> Some<T>(IReadOnlyList<T> found)
    {
        Assert.NotEmpty(found);
        return found;
    }

    private static void None(IEnumerable<Offence> offences)
    {
        var list = offences.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list.Prepend(null)));
    }
}

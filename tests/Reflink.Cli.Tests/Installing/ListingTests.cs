namespace Reflink.Cli.Tests.Installing;

/// <summary>What READMEs print is what a user copies: it compiles and runs in a new project that has the packages and nothing else.</summary>
[Collection(InstallationCollection.Name)]
public sealed class ListingTests(PackageFeed feed) : IDisposable
{
    private readonly ScratchFolder _scratch = new("listing");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_program_of_the_README_prints_what_is_shown_below_it()
    {
        var shown = ShownBelow("README.md");
        var run = Run(string.Concat(Listings.Of("README.md")));

        Assert.Contains("recipes", shown, StringComparison.Ordinal);
        Assert.Equal(shown, run.Output);
    }

    [Fact]
    public void The_tour_of_the_library_is_a_program() => Assert.Equal("cc\ncc\ncc\n", Run(string.Concat(Listings.Of("src/Reflink/README.md"))).Output);

    [Fact]
    public void The_examples_of_the_doc_comments_are_programs()
    {
        var examples = DocExamples.Of(Path.ChangeExtension(typeof(Machine).Assembly.Location, ".xml"));
        var run = Run(DocExamples.Program(examples));

        Assert.True(examples.Count >= 30, $"there are {examples.Count} examples");
        Assert.Equal($"{examples.Count} examples\n", run.Error);
    }

    [Fact]
    public void The_snapshot_tests_of_the_README_fail_at_first_and_pass_when_what_they_received_is_accepted()
    {
        Project("", $"""
            <PackageReference Include="Reflink.Snapshots" Version="*" />
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="{VersionOf("Microsoft.NET.Test.Sdk")}" />
                <PackageReference Include="xunit" Version="{VersionOf("xunit")}" />
                <PackageReference Include="xunit.runner.visualstudio" Version="{VersionOf("xunit.runner.visualstudio")}" />
                <Using Include="Xunit" />
            """);
        File.WriteAllText(_scratch.Of("CloneTests.cs"), string.Concat(Listings.Of("src/Reflink.Snapshots/README.md")));
        var first = Sdk.Run(_scratch.Path, feed.Restored, "test");
        var received = Directory.GetFiles(_scratch.Path, "*.received.txt");

        Assert.True(first.Code != 0 && received.Length == 2, first.Output + first.Error);
        Assert.Contains("[0,4)  s1-s4        2  copies on write", File.ReadAllText(Assert.Single(received, r => r.Contains("A_clone", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("\n  +", File.ReadAllText(Assert.Single(received, r => r.Contains("A_write", StringComparison.Ordinal))), StringComparison.Ordinal);
        Array.ForEach(received, r => File.Move(r, r.Replace(".received.", ".verified.", StringComparison.Ordinal)));
        var second = Sdk.Run(_scratch.Path, feed.Restored, "test", "--no-build");
        Assert.True(second.Code == 0 && second.Output.Contains("Passed:     2", StringComparison.Ordinal), second.Output + second.Error);
    }

    [Fact]
    public void The_filesystem_of_the_README_copies_without_space_in_a_program_elsewhere()
    {
        Project("""<OutputType>Exe</OutputType>""", """<PackageReference Include="Reflink.IO.Abstractions" Version="*" />""");
        File.WriteAllText(_scratch.Of("Program.cs"), Assert.Single(Listings.Of("src/Reflink.IO.Abstractions/README.md")));
        var run = Sdk.Run(_scratch.Path, feed.Restored, "run");

        Assert.True(run.Code == 0, run.Output + run.Error);
        Assert.Equal("0\n4096\n/data/copy\n/data/image\n", run.Output);
    }

    private CliResult Run(string program)
    {
        Project("<OutputType>Exe</OutputType>", """<PackageReference Include="Reflink" Version="*" />""");
        File.WriteAllText(_scratch.Of("Program.cs"), program);
        var run = Sdk.Run(_scratch.Path, feed.Restored, "run");
        Assert.True(run.Code == 0, run.Output + run.Error);
        return run;
    }

    // The first block without a language behind the first listing.
    private static string ShownBelow(string readme)
    {
        var behind = File.ReadAllText(Path.Combine(Sdk.Repository, readme)).Split("```csharp\n")[1];
        return behind.Split("```\n")[2];
    }

    private void Project(string properties, string items)
    {
        File.Copy(feed.Configuration, _scratch.Of("NuGet.config"));
        File.WriteAllText(_scratch.Of("listing.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                {properties}
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                {items}
              </ItemGroup>
            </Project>
            """);
    }

    // The version that this solution has, which was restored here already.
    private static string VersionOf(string package) =>
        File.ReadAllText(Path.Combine(Sdk.Repository, "Directory.Packages.props")).Split($"\"{package}\" Version=\"")[1].Split('"')[0];
}

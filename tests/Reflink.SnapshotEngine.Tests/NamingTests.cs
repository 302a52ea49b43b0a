using Reflink.SnapshotEngine.Naming;

namespace Reflink.SnapshotEngine.Tests;

public sealed class NamingTests
{
    private readonly VerifySettings _settings = new();
    private readonly GlobalSettings _global = new();

    [Theory]
    [InlineData(typeof(Sample), "Case", "Sample.Case")]
    [InlineData(typeof(Sample), "Inherited", "Sample.Inherited")]
    [InlineData(typeof(Sample.Inner), "Case", "Sample.Inner.Case")]
    [InlineData(typeof(Sample.Inner.Deep), "Case", "Inner.Deep.Case")]
    public void NameIsOneParentTheTypeAndTheMethod(Type type, string method, string expected) =>
        Assert.Equal(expected, Name(type, method).Verified);

    [Fact]
    public void ParametersFollowInMethodOrderAndMayBeFewer()
    {
        _settings.UseParameters("x", 1.5);
        Assert.Equal("Sample.Rows_a=x_b=1.5", Name(typeof(Sample), "Rows").Verified);
        _settings.UseParameters(7);
        Assert.Equal("Sample.Rows_a=7", Name(typeof(Sample), "Rows").Verified);
    }

    [Fact]
    public void OneArrayIsOneParameter()
    {
        _settings.UseParameters(new[] { 1, 2 });
        Assert.Equal("Sample.Rows_a=1,2", Name(typeof(Sample), "Rows").Verified);
    }

    [Fact]
    public void MoreParametersThanTheMethodHasAreRefused()
    {
        _settings.UseParameters(1, 2, 3);
        var error = Assert.ThrowsAny<Exception>(() => Name(typeof(Sample), "Rows"));
        Assert.Equal("The number of passed in parameters (3) must not exceed the number of parameters for the method (2).", error.Message);
    }

    [Fact]
    public void TextForParametersIsTakenAsItIs()
    {
        _settings.UseTextForParameters("a=b c");
        Assert.Equal("Sample.Rows_a=b c", Name(typeof(Sample), "Rows").Verified);
    }

    [Theory]
    [InlineData(".x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    public void TextForParametersMustBePartOfAName(string text) =>
        Assert.Throws<ArgumentException>(() => _settings.UseTextForParameters(text));

    [Fact]
    public void ChosenNamesReplaceTheirPart()
    {
        _settings.UseMethodName("M");
        Assert.Equal("Sample.M", Name().Verified);
        _settings.UseTypeName("T");
        Assert.Equal("T.M", Name().Verified);
    }

    [Fact]
    public void FileNameReplacesTypeMethodAndParameters()
    {
        _settings.UseParameters(1);
        _settings.UseFileName("F");
        Assert.Equal("F", Name(typeof(Sample), "Rows").Verified);
    }

    [Fact]
    public void ChoicesThatExcludeEachOtherAreRefused()
    {
        _settings.UseFileName("F");
        Assert.Throws<InvalidOperationException>(() => _settings.UseMethodName("M"));
        Assert.Throws<InvalidOperationException>(() => _settings.UseTypeName("T"));
        _settings.UseParameters(1);
        Assert.Throws<InvalidOperationException>(() => _settings.UseTextForParameters("x"));
        Assert.Throws<InvalidOperationException>(() => Named("M").UseFileName("F"));
    }

    [Fact]
    public void SuffixesComeInOrderAndTheRuntimeOnlyInTheVerifiedName()
    {
        _settings.UniqueForRuntime();
        _settings.UniqueForOSPlatform();
        var os = OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : "OSX";
        Assert.Equal(($"Sample.Case.{os}", $"Sample.Case.{os}.DotNet"), (Name().Received, Name().Verified));
    }

    [Fact]
    public void ConfigurationAndArchitectureComeBeforeTheRuntimeVersion()
    {
        _settings.UniqueForRuntimeAndVersion();
        _settings.UniqueForArchitecture();
        _settings.UniqueForAssemblyConfiguration();
        Assert.Matches(@"^Sample\.Case\.(Debug|Release)\.(x64|arm64)\.DotNet10_0$", Name().Verified);
    }

    [Fact]
    public void DirectoryIsTheSourceFilesUnlessDerived()
    {
        Assert.Equal("/src", Name().Directory);
        _global.Derive = (source, project, type, method) => new("/else", $"{type.Name}!", $"{method.Name}?");
        Assert.Equal(new SnapshotName("/else", "Sample!.Case?", "Sample!.Case?"), Name());
    }

    [Fact]
    public void DerivingGetsTheSourceFileAndTheProject()
    {
        _global.Derive = (source, project, _, _) => new(methodName: $"{source}|{project}");
        var project = new TestSite(Scratch.Method(typeof(Sample), "Case"), "").ProjectDirectory;
        Assert.Equal($"Sample./src/file.cs|{project}", Name().Verified);
        Assert.EndsWith("/tests/Reflink.SnapshotEngine.Tests/", project, StringComparison.Ordinal);
    }

    [Fact]
    public void ChosenDirectoryWinsAndStartsAtTheSourceFile()
    {
        _global.Derive = (_, _, _, _) => new("/else");
        _settings.UseDirectory("sub");
        Assert.Equal("/src/sub", Name().Directory);
    }

    [Fact]
    public void RelativeDirectoriesStartAtTheProjectOrTheSourceFile()
    {
        _global.Derive = RelativeDirectory.ToProject("../shots");
        Assert.EndsWith("/tests/Reflink.SnapshotEngine.Tests/../shots", Name().Directory, StringComparison.Ordinal);
        _global.Derive = RelativeDirectory.ToSourceFile("shots");
        Assert.Equal("/src/shots", Name().Directory);
    }

    private static VerifySettings Named(string method)
    {
        var settings = new VerifySettings();
        settings.UseMethodName(method);
        return settings;
    }

    private SnapshotName Name() => Name(typeof(Sample), "Case");

    private SnapshotName Name(Type type, string method) =>
        SnapshotName.Of(new(Scratch.Method(type, method), "/src/file.cs"), _settings.Names, _global);
}

namespace Reflink.SnapshotEngine.Tests;

public sealed class FileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void PassLeavesNoReceivedFiles()
    {
        _scratch.Write("Sample.Case.verified.txt", "x");
        _scratch.Write("Sample.Case.received.txt", "old");
        _scratch.Write("Sample.Case.received.md", "old");
        _scratch.Write("Sample.Case#1.received.txt", "old");
        var result = _scratch.Verify("x");
        Assert.Equal("Sample.Case.verified.txt", _scratch.Files());
        Assert.Equal(_scratch.In("Sample.Case.verified.txt"), Assert.Single(result.Files));
    }

    [Fact]
    public void FilesOfTestsWhoseNameBeginsAlikeAreLeftAlone()
    {
        const string others = "Sample.Case2.received.txt Sample.Case2.verified.txt Sample.Case_a=1.received.txt Sample.Case_a=1.verified.txt";
        foreach (var file in others.Split(' '))
        {
            _scratch.Write(file, "x");
        }

        _scratch.Write("Sample.Case.verified.txt", "x");
        _scratch.Verify("x");
        Assert.Equal("Sample.Case.verified.txt " + others, _scratch.Files());
    }

    [Fact]
    public void DirectoryIsMade()
    {
        var deep = _scratch.In("a/b");
        _scratch.Global.Derive = (_, _, _, _) => new(deep);
        _scratch.Failure("x");
        Assert.True(File.Exists(Path.Combine(deep, "Sample.Case.received.txt")));
    }

    [Fact]
    public void NameIsUsedOnce()
    {
        _scratch.Write("Sample.Case.verified.txt", "x");
        _scratch.Verify("x");
        var error = Assert.Throws<Exception>(() => _scratch.Verify("x"));
        Assert.StartsWith(
            $"The prefix has already been used: {_scratch.In("Sample.Case")}. This is mostly caused one of the following:",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NameIsUsedOftenWhereThatIsAllowed()
    {
        _scratch.Write("Sample.Case.verified.txt", "x");
        _scratch.Verify("x");
        _scratch.Settings.DisableRequireUniquePrefix();
        _scratch.Verify("x");
        Assert.Throws<VerifyException>(() => _scratch.Verify("y"));
    }

    [Fact]
    public void AutoVerifyAcceptsAndRemovesWhatIsStale()
    {
        _scratch.Write("Sample.Case.verified.txt", "old");
        _scratch.Write("Sample.Case.verified.md", "stale");
        _scratch.Settings.AutoVerify();
        _scratch.Verify("new");
        Assert.Equal("Sample.Case.verified.txt", _scratch.Files());
        Assert.Equal("new", _scratch.Read("Sample.Case.verified.txt"));
    }

    [Fact]
    public void AutoVerifyMayAcceptAndStillFail()
    {
        _scratch.Global.Auto = new AutoAccept(includeBuildServer: true, throwException: true);
        Assert.StartsWith($"Directory: {_scratch.Path}\nNew:\n", _scratch.Failure("new"), StringComparison.Ordinal);
        Assert.Equal("Sample.Case.verified.txt", _scratch.Files());
    }

    [Fact]
    public void AutoVerifyThatAsksForBuildServersIsRefused() =>
        Assert.Throws<NotSupportedException>(() => _scratch.Settings.AutoVerify(includeBuildServer: false));

    [Fact]
    public void AutoVerifyThatThrowsInOnePlaceAndNotInTheOtherIsRefused()
    {
        using var scratch = new Scratch();
        scratch.Global.Auto = new(includeBuildServer: true, throwException: true);
        scratch.Settings.AutoVerify();

        Assert.Throws<NotSupportedException>(() => scratch.Verify("x"));
    }

    [Fact]
    public void TheProjectsFolderIsLeftAloneOnlyTogetherWithTheSolutions()
    {
        using var scratch = new Scratch();
        scratch.Global.ScrubsProject = false;

        Assert.Contains("DontScrubSolutionDirectory", Assert.Throws<NotSupportedException>(() => scratch.Verify("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AVerifiedFileThatIsNoTextIsNamed()
    {
        File.WriteAllBytes(_scratch.In("Sample.Case.verified.txt"), [0xc3, 0x28]);

        Assert.Contains("Sample.Case.verified.txt", Assert.Throws<NotSupportedException>(() => _scratch.Verify("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StaticSettingsAreFixedOnceATestHasVerified()
    {
        _scratch.Failure("x");
        var error = Assert.Throws<InvalidOperationException>(() => _scratch.Global.Change(g => g.UniquePrefix = false, "Api"));
        Assert.StartsWith("'Api' must be called before the first Verify runs.", error.Message, StringComparison.Ordinal);
        Assert.True(_scratch.Global.UniquePrefix);
    }
}

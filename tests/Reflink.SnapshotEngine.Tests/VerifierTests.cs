namespace Reflink.SnapshotEngine.Tests;

/// <summary>The engine as tests meet it: the files lie in snapshots/Reflink.SnapshotEngine.Tests.</summary>
public sealed class VerifierTests
{
    [Fact]
    public Task TextIsVerified() => Verify("one\ntwo");

    [Fact]
    public Task ExtensionIsTheSecondArgument() => Verify("# A page", "md");

    [Theory]
    [InlineData(1, "a/b")]
    [InlineData(2, "c")]
    public Task RowsHaveTheirOwnFiles(int number, string text) => Verify($"{number} {text}").UseParameters(number, text);

    [Fact]
    public async Task SecondSnapshotHasAnotherName()
    {
        await Verify("first");
        await Verify("second").UseMethodName("SecondSnapshotHasAnotherName.Again");
    }

    [Fact]
    public Task ObjectIsVerified() => Verify(new { Name = "disk", Pages = new[] { 1, 2 } });

    [Fact]
    public async Task FailureIsInTheTaskAndFilesAreWhereDerived()
    {
        using var folder = new ScratchFolder("engine");
        var failed = Verify("x").UseDirectory(folder.Path).UseFileName("no-such-snapshot").ToTask();
        var error = await Assert.ThrowsAsync<VerifyException>(() => failed);
        Assert.StartsWith($"Directory: {folder.Path}\nNew:\n", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.Of("no-such-snapshot.received.txt")));
    }

    [Fact]
    public async Task StaticSettingsAreRefusedAfterwards()
    {
        await Verify("x");
        Assert.Throws<InvalidOperationException>(() => VerifierSettings.AutoVerify());
        Assert.Throws<InvalidOperationException>(VerifierSettings.DontScrubUserProfile);
        Assert.Throws<InvalidOperationException>(() => UseProjectRelativeDirectory("x"));
        Assert.Throws<InvalidOperationException>(() => UseSourceFileRelativeDirectory("x"));
    }

    public sealed class Nested
    {
        [Fact]
        public Task NestedTypeNamesItsParent() => Verify("nested");
    }
}

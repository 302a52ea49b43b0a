namespace Reflink.SnapshotEngine.Tests;

public sealed class PathScrubberTests : IDisposable
{
    // Made up, so that the tests do not depend on whose computer they run on.
    private const string Home = "/somewhere/home";

    private readonly Scratch _scratch = new();

    private readonly PathScrubber _scrubber = new([("/tmp/", "{Temp}"), ("/tmp/build", "{Build}"), ("/tmp", "{Second}"), ("/", "{Root}"), (null, "{None}")]);

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("/tmp/x", "{Temp}x")]
    [InlineData("/tmp", "{Temp}")]
    [InlineData("(/tmp)", "({Temp})")]
    [InlineData("see /tmp/ and \\tmp\\y", "see {Temp} and {Temp}y")]
    [InlineData("/tmp//x", "{Temp}/x")]
    [InlineData("/tmp/build/x", "{Build}x")]
    [InlineData("/tmp/builder", "{Temp}builder")]
    [InlineData("/tmp-x /tmp.d", "{Temp}-x {Temp}.d")]
    [InlineData("/tmpx", "/tmpx")]
    [InlineData("a/tmp/z", "a/tmp/z")]
    [InlineData("1/tmp/z", "1/tmp/z")]
    [InlineData("/TMP/x", "/TMP/x")]
    [InlineData("/usr", "/usr")]
    public void DirectoriesBecomeTheirRoles(string text, string expected) => Assert.Equal(expected, _scrubber.Scrub(text));

    [Fact]
    public void EveryDirectoryOfTheMachineHasItsRole()
    {
        var site = new TestSite(Scratch.Method(typeof(Sample), "Case"), "");
        var text = $"{AppContext.BaseDirectory}|{Path.GetTempPath()}x|{Home}/x|{site.ProjectDirectory}x|{site.SolutionDirectory}x";
        Assert.Equal(
            "{CurrentDirectory}|{TempPath}x|{UserProfile}x|{ProjectDirectory}x|{SolutionDirectory}x",
            PathScrubber.For(site, new(), Home).Scrub(text));
    }

    [Fact]
    public void AHomeThatIsAbsentOrHasAnotherRoleIsNoRoleOfItsOwn()
    {
        var site = new TestSite(Scratch.Method(typeof(Sample), "Case"), "");
        var temporary = Path.GetTempPath();
        Assert.Equal("{TempPath}x|/x", PathScrubber.For(site, new(), "").Scrub($"{temporary}x|/x"));
        Assert.Equal("{TempPath}x", PathScrubber.For(site, new(), temporary).Scrub($"{temporary}x"));
    }

    [Fact]
    public void RolesCanBeTurnedOff()
    {
        var site = new TestSite(Scratch.Method(typeof(Sample), "Case"), "");
        var global = new GlobalSettings { ScrubsProject = false, ScrubsSolution = false, ScrubsHome = false };
        var text = $"{site.ProjectDirectory}|{site.SolutionDirectory}|{Home}/x";
        var scrubbed = PathScrubber.For(site, global, Home).Scrub(text);

        // The tree itself may lie in the directory for temporary files, whose role cannot be turned off.
        Assert.Equal(text, scrubbed.Replace("{TempPath}", Path.GetTempPath(), StringComparison.Ordinal));
    }

    [Fact]
    public void StringsAreScrubbedUnlessToldOtherwise()
    {
        _scratch.Write("Sample.Case.verified.txt", "{TempPath}x");
        _scratch.Verify(Path.GetTempPath() + "x");
        _scratch.NewProcess();
        _scratch.Settings.DisableScrubbers();
        Assert.Contains("\n" + Path.GetTempPath() + "x\n", _scratch.Failure(Path.GetTempPath() + "x"), StringComparison.Ordinal);
    }

    [Fact]
    public void GuidsAndDatesOfStringsStay()
    {
        const string text = "3f2504e0-4f89-11d3-9a0c-0305e82c3301 2026-02-13T10:00:00Z";
        _scratch.Write("Sample.Case.verified.txt", text);
        Assert.Single(_scratch.Verify(text).Files);
    }
}

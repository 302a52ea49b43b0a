using Reflink.Elf.Tests.Made;
using Reflink.Units;

namespace Reflink.Elf.Tests;

/// <summary>Files and places in them as users type them.</summary>
public sealed class SiteSpecTests : IDisposable
{
    private readonly ScratchFolder _folder = new("spec");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a", "a", null, null)]
    [InlineData("a:f", "a", null, "f")]
    [InlineData("a:p:n", "a", null, "p:n")]
    [InlineData("a:0x10", "a", null, "0x10")]
    [InlineData("a@ABCDEF01:p:n", "a", "abcdef01", "p:n")]
    [InlineData("a@abcdef", "a", "abcdef", null)]
    [InlineData("a:b:f", "a:b", null, "f")]
    [InlineData("a:b", "a:b", null, null)]
    [InlineData("a:c", "a", null, "c")]
    [InlineData("c@1:f", "c@1", null, "f")]
    public void The_longest_beginning_that_is_a_file_is_the_path(string typed, string path, string? buildId, string? place)
    {
        Write("a", "a:b", "c@1");
        var spec = SiteSpec.Parse(In(typed));

        Assert.Equal((In(path), buildId, place), (spec.Path, spec.BuildId, spec.Place?.Text));
    }

    [Theory]
    [InlineData("gone:p:n", Errno.ENOENT, "gone' does not exist; name an executable or a shared library, as PATH:PLACE")]
    [InlineData("gone@abcdef:f", Errno.ENOENT, "gone' does not exist")]
    [InlineData("gone", Errno.ENOENT, "gone' does not exist; name an executable or a shared library")]
    [InlineData("a@xyz:f", Errno.ENOENT, "a@xyz' does not exist")]
    [InlineData("a@abcde:f", Errno.EINVAL, "'abcde' is too little of a build-id for")]
    [InlineData("a:", Errno.EINVAL, "'' names no site")]
    [InlineData("a:x:y:z", Errno.EINVAL, "'x:y:z' names no site")]
    public void What_names_nothing_is_refused(string typed, Errno error, string message)
    {
        Write("a");
        var failure = Assert.Throws<ReflinkException>(() => SiteSpec.Parse(In(typed)));

        Assert.Equal(error, failure.Error);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_build_is_refused_with_both_ids()
    {
        Write("a");
        var failure = Assert.Throws<ReflinkException>(() => SiteSpec.Parse(In("a@00ffee01:f")).Open());

        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.Contains("has build-id 00ffee, and 00ffee01 was asked for", failure.Message, StringComparison.Ordinal);
        Assert.Equal("00ffee", SiteSpec.Parse(In("a@00FFEE:f")).Open().BuildId);
        Assert.Equal("00ffee", SiteSpec.Parse(In("a:f")).Open().BuildId);
    }

    [Fact]
    public void A_file_without_a_build_id_is_no_build()
    {
        File.WriteAllBytes(In("a"), new MadeElf().Build());

        Assert.Contains("has build-id none", Assert.Throws<ReflinkException>(() => SiteSpec.Parse(In("a@00ffee")).Open()).Message, StringComparison.Ordinal);
    }

    private string In(string name) => _folder.Of(name);

    private void Write(params string[] names) =>
        Array.ForEach(names, name => File.WriteAllBytes(In(name), new MadeElf { BuildId = [0, 0xff, 0xee] }.Build()));
}

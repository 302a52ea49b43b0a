using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Tests.Patching;

public sealed class PatchSetBuilderTests
{
    public static TheoryData<long, int, int, string?, string> WrongEntries => new()
    {
        { -1, 1, 1, null, "not negative" },
        { 0, 0, 0, null, "at least one byte" },
        { 0, 1, 2, null, "1 old and 2 new" },
        { long.MaxValue, 1, 1, null, "behind any file" },
        { 0, 1, 1, "", "name" },
        { 0, 1, 1, " x", "name" },
        { 0, 1, 1, "x ", "name" },
        { 0, 1, 1, "a\nb", "name" },
    };

    [Theory]
    [MemberData(nameof(WrongEntries))]
    public void A_wrong_entry_is_refused_and_changes_nothing(long offset, int old, int @new, string? name, string expected)
    {
        var builder = new PatchSetBuilder().Add(0, [1], [2]);

        var failure = Assert.Throws<ReflinkException>(() => builder.Add(offset, new byte[old], new byte[@new], name));
        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, builder.Count);
        Assert.Equal(1, builder.Build().Count);
    }

    [Fact]
    public void A_name_that_utf8_cannot_carry_is_refused() =>
        Assert.Throws<ReflinkException>(() => new PatchSetBuilder().Add(0, [1], [2], "a\ud800b"));

    [Fact]
    public void The_last_possible_offset_is_accepted() =>
        Assert.Equal(long.MaxValue - 1, new PatchSetBuilder().Add(long.MaxValue - 1, [1], [2]).Build().Offset(0));

    [Fact]
    public void The_last_byte_of_the_target_can_be_patched_and_the_next_cannot()
    {
        var target = new PatchTarget(FileSize: 10);

        Assert.Equal(1, new PatchSetBuilder(target).Add(9, [1], [2]).Build().Count);
        var failure = Assert.Throws<ReflinkException>(new PatchSetBuilder(target).Add(9, [1, 1], [2, 2]).Build);
        Assert.Contains("0x9+2", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb", null, null)]
    [InlineData(null, "abc", null)]
    [InlineData(null, "zz", null)]
    [InlineData(null, null, -1L)]
    [InlineData(null, null, null, "abcd")]
    public void A_malformed_target_is_refused(string? file, string? buildId, long? size, string? content = null)
    {
        var builder = new PatchSetBuilder(new PatchTarget(file, buildId, size, content));

        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(builder.Build).Error);
    }

    [Fact]
    public void A_builder_can_go_on_after_it_built()
    {
        var builder = new PatchSetBuilder().Add(5, [1], [2]);
        var one = builder.Build();
        var two = builder.Add(1, [1], [2]).Build();

        Assert.Equal(1, one.Count);
        Assert.Equal(2, two.Count);
    }
}

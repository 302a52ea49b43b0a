using Reflink.Patching.Sets;
using Reflink.Units;

namespace Reflink.Tests.Patching;

/// <summary>The name of a whole set: in both formats, in ToString, and in no identity.</summary>
public sealed class PatchSetLabelTests
{
    private const string Text = "reflink-patch-set 1\nname: gc/begin_end\nsize: 64\n0x10 90 cc\n";
    private const string Json = "{\n  \"format\": \"reflink-patch-set 1\",\n  \"name\": \"gc/begin_end\",\n  \"size\": 64,\n  \"patches\": [\n    { \"offset\": \"0x10\", \"old\": \"90\", \"new\": \"cc\" }\n  ]\n}\n";

    [Fact]
    public void Both_formats_carry_it()
    {
        var set = PatchSetText.Read(new StringReader(Text), "test");
        var (text, json) = (new StringWriter(), new StringWriter());
        PatchSetText.Write(PatchSetJson.Read(new StringReader(Json), "test"), text);
        PatchSetJson.Write(set, json);

        Assert.Equal("gc/begin_end", set.Label);
        Assert.Equal(Text, text.ToString());
        Assert.Equal(Json, json.ToString());
    }

    [Fact]
    public void It_is_no_part_of_the_identity_and_shows()
    {
        var (named, plain) = (Make("a/b"), Make(null));

        Assert.Equal(plain.Id, named.Id);
        Assert.Equal("a/b: 1 patch of a file (" + named.Id[..12] + ")", named.ToString());
        Assert.Equal("1 patch of a file (" + named.Id[..12] + ")", plain.ToString());
        Assert.Null(plain.Label);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("_x/Y9")]
    public void Two_words_are_a_label(string label) => Assert.Null(PatchSetLabel.Problem(label));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/b")]
    [InlineData("a/")]
    [InlineData("a/b/c")]
    [InlineData("1a/b")]
    [InlineData("a/2")]
    [InlineData("a/b c")]
    [InlineData("a/b-c")]
    [InlineData("ä/b")]
    public void Anything_else_is_refused_wherever_it_comes_from(string label)
    {
        var built = Assert.Throws<ReflinkException>(() => Make(label));
        var text = Assert.Throws<ReflinkException>(() => PatchSetText.Read(new StringReader($"reflink-patch-set 1\nname: {label}\n"), "test"));
        var json = Assert.Throws<ReflinkException>(
            () => PatchSetJson.Read(new StringReader($"{{\"format\":\"reflink-patch-set 1\",\"name\":\"{label}\",\"patches\":[]}}"), "test"));

        Assert.Equal(Errno.EINVAL, built.Error);
        Assert.Contains($"'{label}' is not GROUP/EVENT", built.Message, StringComparison.Ordinal);
        Assert.StartsWith($"EINVAL: test:2: the name '{label}'", text.Message, StringComparison.Ordinal);
        Assert.StartsWith("EINVAL: test:1:", json.Message, StringComparison.Ordinal);
    }

    private static PatchSet Make(string? label) => new PatchSetBuilder { Label = label }.Add(0x10, [0x90], [0xcc]).Build();
}

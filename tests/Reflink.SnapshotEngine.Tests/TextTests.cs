using System.Text;

namespace Reflink.SnapshotEngine.Tests;

public sealed class TextTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("a\nb", "a\nb")]
    [InlineData("a\nb", "a\r\nb")]
    [InlineData("a\r\nb", "a\rb")]
    [InlineData("a\nb", "\uFEFFa\r\nb\r\n")]
    [InlineData("a\n", "a\n\n")]
    public void TextsThatAreTheSamePass(string received, string verified)
    {
        _scratch.Write("Sample.Case.verified.txt", verified);
        _scratch.Verify(received);
        Assert.Equal("Sample.Case.verified.txt", _scratch.Files());
    }

    [Theory]
    [InlineData("a", "a\n\n")]
    [InlineData("a\n", "a")]
    [InlineData("a", "A")]
    [InlineData("a", "a ")]
    [InlineData("é", "e\u0301")]
    public void TextsThatDifferFail(string received, string verified)
    {
        _scratch.Write("Sample.Case.verified.txt", verified);
        _scratch.Failure(received);
        Assert.Equal("Sample.Case.received.txt Sample.Case.verified.txt", _scratch.Files());
    }

    [Fact]
    public void ReceivedTextHasAMarkUnlessTurnedOff()
    {
        _scratch.Failure("é\r\n");
        Assert.Equal([0xEF, 0xBB, 0xBF, 0xC3, 0xA9, 0x0A], File.ReadAllBytes(_scratch.In("Sample.Case.received.txt")));
        _scratch.NewProcess();
        _scratch.Global.Encoding = TextRules.Utf8(bom: false);
        _scratch.Failure("é");
        Assert.Equal([0xC3, 0xA9], File.ReadAllBytes(_scratch.In("Sample.Case.received.txt")));
    }

    [Fact]
    public void HalfASurrogatePairIsNotText() =>
        Assert.Throws<EncoderFallbackException>(() => _scratch.Verify("\ud800"));

    [Fact]
    public void EmptyVerifiedFileCountsAsMissing()
    {
        _scratch.Write("Sample.Case.verified.txt", "");
        Assert.Contains("New:\n", _scratch.Failure("x"), StringComparison.Ordinal);
        Assert.Equal("Sample.Case.received.txt", _scratch.Files());
    }

    [Theory]
    [InlineData(null, "null")]
    [InlineData("", "emptyString")]
    [InlineData("\uFEFFx", "x")]
    [InlineData("x", "x")]
    public void StringsWithoutTextHaveAWord(string? target, string expected) => Assert.Equal(expected, TextRules.Plain(target));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\uFEFFx")]
    public void TextWithAnExtensionMustBeText(string? target) => Assert.Throws<NotSupportedException>(() => TextRules.Plain(target, "md"));

    [Fact]
    public void TwoByteOrderMarksAreRefused() => Assert.Throws<NotSupportedException>(() => TextRules.Plain("\uFEFF\uFEFFx"));

    [Fact]
    public void ExtensionsThatMayNotBeTextAreRefused() => Assert.Throws<NotSupportedException>(() => TextRules.Extension("png"));
}

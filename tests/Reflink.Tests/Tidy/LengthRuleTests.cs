namespace Reflink.Tests.Tidy;

public sealed class LengthRuleTests
{
    [Theory]
    [InlineData(LengthRule.FileLines, 0)]
    [InlineData(LengthRule.FileLines + 1, 1)]
    public void LongFilesAreFound(int lines, int offences) =>
        Assert.Equal(offences, LengthRule.Check(new("tests/X/A.cs", Lines("//", lines))).Count());

    [Theory]
    [InlineData("void F()")]
    [InlineData("void F<T>(int x = 1) where T : class where U : struct")]
    [InlineData("int P")]
    [InlineData("int G(int x) => x switch")]
    [InlineData("Action f = () =>")]
    [InlineData("string F(string s = \"class A {\")")]
    public void LongBodiesAreFound(string header)
    {
        Assert.Empty(Check(header, LengthRule.MethodLines - 2));
        var offence = Assert.Single(Check(header, LengthRule.MethodLines - 1));
        Assert.Equal("src/Reflink/Vm/A.cs:5 the method has 51 lines, more than 50", offence.ToString());
    }

    [Theory]
    [InlineData("int[] table =")]
    [InlineData("static List<int> Table => new()")]
    [InlineData("private sealed class Inner<T>(int x) where T : class")]
    public void DataAndTypesHaveNoLimitButTheFiles(string header) => Assert.Empty(Check(header, 100));

    [Fact]
    public void BodyWithinABodyCountsOnce()
    {
        var text = "class A\n{\nvoid F()\n{\nif (x)\n{\n" + Lines("y();", 70) + "}\n}\n}";
        Assert.Equal(4, Assert.Single(LengthRule.Check(new("src/Reflink/Vm/A.cs", text))).Line);
    }

    private static IEnumerable<Offence> Check(string header, int lines) =>
        LengthRule.Check(new("src/Reflink/Vm/A.cs", $"namespace N;\npublic class A\n{{\n{header}\n{{\n{Lines("// x", lines)}}}\n}}"));

    private static string Lines(string line, int count) => string.Concat(Enumerable.Repeat(line + "\n", count));
}

namespace Reflink.Tests.Tidy;

public sealed class CodeTextTests
{
    [Theory]
    [InlineData("a // b\nc", "a \nc")]
    [InlineData("a /* b\nc */ d", "a \n d")]
    [InlineData("f(\"x // y\") // z", "f() ")]
    [InlineData("f(\"a\\\"b{\") g", "f() g")]
    [InlineData("f(@\"a\"\"b\\\") g", "f() g")]
    [InlineData("f('\"', '\\'', '{') g", "f(, , ) g")]
    [InlineData("f($\"a{b}c\") g", "f(b) g")]
    [InlineData("f($\"a{g(\", \", x)}c\") h", "f(g(, x)) h")]
    [InlineData("f($\"{{a}} {b}\") g", "f(b) g")]
    [InlineData("f($@\"a{b}\"\"\nc\") g", "f(b\n) g")]
    [InlineData("f(\"\"\"a \" {\nb\"\"\") g", "f(\n) g")]
    [InlineData("f(\"\") g", "f() g")]
    public void CommentsAndLiteralsAreBlanked(string text, string code) => Assert.Equal(code, CodeText.Strip(text));
}

namespace Reflink.Cli.Tests;

/// <summary>What GNU ls 9.1 prints on a terminal for the same names; but for marks that turn the direction of text, which it lets pass.</summary>
public sealed class ShellQuotingTests
{
    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("/a/b-c_d+e,f:g@h%i", "/a/b-c_d+e,f:g@h%i")]
    [InlineData("é日本", "é日本")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "\"it's\"")]
    [InlineData("$it's", "'$it'\\''s'")]
    [InlineData("a\nb", "'a'$'\\n''b'")]
    [InlineData("\u001b[31mred", "''$'\\033''[31mred'")]
    [InlineData("\u202etxt", "''$'\\342\\200\\256''txt'")]
    [InlineData("~x", "'~x'")]
    [InlineData("x~#", "x~#")]
    [InlineData("", "''")]
    public void Names_are_quoted_as_ls_does(string name, string quoted) => Assert.Equal(quoted, ShellQuoting.Quote(name));
}

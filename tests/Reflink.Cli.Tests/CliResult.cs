namespace Reflink.Cli.Tests;

/// <summary>What a run of the command gave.</summary>
internal sealed record CliResult(int Code, string Output, string Error)
{
    /// <summary>It failed with that code, printed nothing but a message, and the message says all of this.</summary>
    public void Refused(int code, params string[] parts)
    {
        Assert.Equal("", Output);
        Assert.StartsWith("reflink: ", Error, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.Equal(code, Code);
    }

    public CliResult Succeeded()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, Code);
        return this;
    }
}

namespace Reflink.SnapshotEngine.Tests;

public sealed class FailureTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void MissingFileIsNew()
    {
        var expected = $"""
            Directory: {_scratch.Path}
            New:
              - Received: Sample.Case.received.txt
                Verified: Sample.Case.verified.txt

            FileContent:

            New:

            Received: Sample.Case.received.txt
            line 1
            line 2


            """;
        Assert.Equal(expected, _scratch.Failure("line 1\nline 2"));
        Assert.Equal("Sample.Case.received.txt", _scratch.Files());
    }

    [Fact]
    public void OtherTextIsNotEqual()
    {
        _scratch.Write("Sample.Case.verified.txt", "old\r\n");
        var expected = $"""
            Directory: {_scratch.Path}
            NotEqual:
              - Received: Sample.Case.received.txt
                Verified: Sample.Case.verified.txt

            FileContent:

            NotEqual:

            Received: Sample.Case.received.txt
            new
            Verified: Sample.Case.verified.txt
            old



            """;
        Assert.Equal(expected, _scratch.Failure("new"));
    }

    [Fact]
    public void FileThatNobodyProducesFailsEvenBesideAnEqualOne()
    {
        _scratch.Write("Sample.Case.verified.md", "same");
        _scratch.Write("Sample.Case.verified.txt", "stale");
        _scratch.Write("Sample.Case#00.verified.txt", "stale");
        var expected = $"""
            Directory: {_scratch.Path}
            Delete:
              - Sample.Case#00.verified.txt
              - Sample.Case.verified.txt
            Equal:
              - Received: Sample.Case.received.md
                Verified: Sample.Case.verified.md

            """;
        Assert.Equal(expected, _scratch.Failure("same", "md"));
    }

    [Fact]
    public void NewAndDeleteAreToldTogether()
    {
        _scratch.Write("Sample.Case.verified.md", "stale");
        var expected = $"""
            Directory: {_scratch.Path}
            New:
              - Received: Sample.Case.received.txt
                Verified: Sample.Case.verified.txt
            Delete:
              - Sample.Case.verified.md

            FileContent:

            New:

            Received: Sample.Case.received.txt
            x


            """;
        Assert.Equal(expected, _scratch.Failure("x"));
    }

    [Fact]
    public void FailureHasNoStackTrace()
    {
        var error = Assert.Throws<VerifyException>(() => _scratch.Verify("x"));
        Assert.Equal("", error.StackTrace);
        Assert.Null(error.GetType().Namespace);
    }
}

namespace Reflink.IO.Abstractions.Tests.Peers;

/// <summary>Something that a program may do, in which MockFileSystem and System.IO are not of one mind.</summary>
/// <param name="What">What is done, in words.</param>
/// <param name="Do">Does it below a directory that is there and empty, and returns what came of it.</param>
internal sealed record Scenario(string What, Func<IFileSystem, string, object?> Do)
{
    /// <summary>What came of it, in words.</summary>
    public string Play(IFileSystem fs, string root)
    {
        try
        {
            return Do(fs, root) switch { null => "done", "" => "nothing", var result => result.ToString()! };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.GetType().Name;
        }
    }
}

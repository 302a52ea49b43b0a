namespace Reflink.Cluster.Working;

/// <summary>Tells people on standard error what a silo does.</summary>
internal sealed class Notices(TimeProvider time)
{
    private readonly TimeProvider _time = time;

    /// <summary>Prints a line.</summary>
    public void Tell(string text) => Console.Error.WriteLine($"{_time.GetUtcNow():HH:mm:ss} {text.ReplaceLineEndings(" ")}");
}

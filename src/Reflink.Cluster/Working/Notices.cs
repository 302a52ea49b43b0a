namespace Reflink.Cluster.Working;

/// <summary>Tells people on standard error what a silo does.</summary>
internal sealed class Notices(TimeProvider time)
{
    private readonly TimeProvider _time = time;

    // Orleans puts the stack of the other silo behind its message.
    private const string Stack = "   at ";

    /// <summary>Why something failed, in a sentence.</summary>
    public static string Reason(Exception e) => e.Message.Split(Stack)[0].ReplaceLineEndings(" ").TrimEnd('.', ' ');

    /// <summary>Prints a line.</summary>
    public void Tell(string text) => Console.Error.WriteLine($"{_time.GetUtcNow():HH:mm:ss} {text.ReplaceLineEndings(" ")}");
}

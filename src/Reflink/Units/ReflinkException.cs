namespace Reflink;

/// <summary>
/// An expected failure: what was asked, on what, and what to do instead. Nothing has changed when one is thrown.
/// </summary>
public class ReflinkException : Exception
{
    /// <summary>Makes the failure of that number.</summary>
    /// <param name="error">The Linux error number.</param>
    /// <param name="message">One sentence that names the thing and the remedy.</param>
    /// <param name="inner">What caused it, if something did.</param>
    public ReflinkException(Errno error, string message, Exception? inner = null)
        : base($"{error}: {message}", inner) => (Error, Reason) = (error, message);

    /// <summary>The Linux error number.</summary>
    public Errno Error { get; }

    /// <summary>The message without the number: what another failure quotes, so that a number is said once.</summary>
    public string Reason { get; }
}

namespace Reflink.IO.Abstractions.Calls;

/// <summary>Asynchronous calls: a machine has one thread, so they have ended when they return, and their failures are in the task.</summary>
internal static class Done
{
    /// <summary>Does it.</summary>
    public static Task Run(Action call, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellation);
        }

        try
        {
            call();
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return Task.FromException(e);
        }
    }

    /// <summary>Does it, and has a result.</summary>
    public static Task<T> Run<T>(Func<T> call, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellation);
        }

        try
        {
            return Task.FromResult(call());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return Task.FromException<T>(e);
        }
    }
}

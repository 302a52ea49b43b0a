using System.Diagnostics;
using Reflink.Units;

namespace Reflink.Cli.Volumes;

/// <summary>One command writes to a store at a time; the next waits for it.</summary>
internal static class WriterQueue
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Opens what may be in use, again and again until it is not, or the time is over.</summary>
    /// <exception cref="ReflinkException">EBUSY: it still is.</exception>
    public static T Open<T>(Func<T> open, TimeSpan wait, CancellationToken cancel)
    {
        for (var watch = Stopwatch.StartNew(); ; cancel.WaitHandle.WaitOne(s_lookAgain))
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return open();
            }
            catch (ReflinkException e) when (e.Error == Errno.EBUSY && watch.Elapsed < wait)
            {
            }
        }
    }
}

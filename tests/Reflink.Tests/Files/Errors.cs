using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>Shortens tests of errors.</summary>
internal static class Errors
{
    /// <summary>The error of an action, or none if it succeeds.</summary>
    public static Errno? Of(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (ReflinkException e)
        {
            return e.Error;
        }
    }
}

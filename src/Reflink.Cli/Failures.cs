using Reflink.Units;

namespace Reflink.Cli;

/// <summary>Turns failures into a line on standard error and an exit code; nobody gets to see a stack trace.</summary>
internal static class Failures
{
    public static int Guard(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (ReflinkException failure)
        {
            Print(failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Print(failure.Message);
        }
#pragma warning disable CA1031 // Whatever went wrong, a user is told so in a sentence.
        catch (Exception failure)
        {
            Print($"{failure.GetType().Name}: {failure.Message} This is a bug in reflink; please report it with the command line.");
        }
#pragma warning restore CA1031

        return ExitCode.Failure;
    }

    /// <summary>Prints a failure. Lines that go on are indented by two spaces; any other end of a line is of a name, and is escaped.</summary>
    public static void Print(string message) => Console.Error.WriteLine($"reflink: {Printable(message, mayGoOn: true)}");

    /// <summary>A text on one line, without what commands the terminal.</summary>
    public static string OnOneLine(string text) => Printable(text, mayGoOn: false);

    // What was found in a file may command the terminal.
    private static string Printable(string text, bool mayGoOn) => string.Concat(text.Select((c, at) =>
        !char.IsControl(c) || (mayGoOn && c == '\n' && text.AsSpan(at + 1).StartsWith("  ")) ? c.ToString() : $"\\x{(int)c:x2}"));
}

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

    public static void Print(string message) => Console.Error.WriteLine($"reflink: {string.Concat(message.Select(Printable))}");

    /// <summary>A text on one line, without what commands the terminal.</summary>
    public static string OnOneLine(string text) => string.Concat(text.Select(c => c == '\n' ? "\\x0a" : Printable(c)));

    // What was found in a file may command the terminal.
    private static string Printable(char character) =>
        char.IsControl(character) && character != '\n' ? $"\\x{(int)character:x2}" : character.ToString();
}

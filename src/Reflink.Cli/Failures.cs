using System.Text.Json;
using Reflink.Units;

namespace Reflink.Cli;

/// <summary>
/// Turns failures into a line on standard error and an exit code; nobody gets to see a stack trace. Beside --json each line of standard
/// error is a JSON object.
/// </summary>
internal static class Failures
{
    private const string Json = "--json";
    private const string Remedy = "; ";
    private const string Detail = "\n  ";

    private static readonly JsonSerializerOptions s_compact = new(JsonFormat.Options) { WriteIndented = false };

    private static bool s_isJson;

    /// <summary>Does the work of a command line.</summary>
    public static int Guard(string[] line, Func<int> work)
    {
        // Also where the rest of the line is wrong. What follows -- is for another command.
        s_isJson = line.TakeWhile(word => word != "--").Contains(Json);
        try
        {
            return work();
        }
        catch (ReflinkException failure)
        {
            return Print(ExitCode.Failure, failure.Error, failure.Reason);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Print(ExitCode.Failure, NumberOf(failure), failure.Message.TrimEnd('.'));
        }
#pragma warning disable CA1031 // Whatever went wrong, a user is told so in a sentence.
        catch (Exception failure)
        {
            return Print(ExitCode.Failure, null, $"{failure.GetType().Name}: {failure.Message} This is a bug in reflink; please report it with the command line.");
        }
#pragma warning restore CA1031
    }

    /// <summary>
    /// Prints a failure. Lines that go on are indented by two spaces; any other end of a line is of a name, and is escaped.
    /// </summary>
    /// <param name="code">The exit code.</param>
    /// <param name="error">The Linux error number; null for wrong usage.</param>
    /// <param name="reason">What went wrong; what to do.</param>
    /// <returns>The exit code.</returns>
    public static int Print(int code, Errno? error, string reason)
    {
        if (s_isJson)
        {
            var lines = reason.Split(Detail);
            var remedy = lines[0].LastIndexOf(Remedy, StringComparison.Ordinal);
            var (message, hint) = remedy < 0 ? (lines[0], null) : (lines[0][..remedy], lines[0][(remedy + Remedy.Length)..]);
            Tell(new { errno = error?.ToString(), message, hint, details = lines[1..], exitCode = code });
        }
        else
        {
            Console.Error.WriteLine($"reflink: {(error is null ? "" : $"{error}: ")}{Printable(reason, mayGoOn: true)}");
        }

        return code;
    }

    /// <summary>Prints what is worth knowing, though nothing failed.</summary>
    public static void Remark(string text)
    {
        if (s_isJson)
        {
            Tell(new { remark = text });
        }
        else
        {
            Console.Error.WriteLine(OnOneLine(text));
        }
    }

    /// <summary>A text on one line, without what commands the terminal.</summary>
    public static string OnOneLine(string text) => Printable(text, mayGoOn: false);

    // .NET hands on the number of some failures, such as of a full disk.
    private static Errno NumberOf(Exception failure) =>
        failure is UnauthorizedAccessException ? Errno.EACCES : Enum.IsDefined((Errno)failure.HResult) ? (Errno)failure.HResult : Errno.EIO;

    private static void Tell<T>(T line) => Console.Error.WriteLine(JsonSerializer.Serialize(line, s_compact));

    // What was found in a file may command the terminal.
    private static string Printable(string text, bool mayGoOn) => string.Concat(text.Select((c, at) =>
        !char.IsControl(c) || (mayGoOn && c == '\n' && text.AsSpan(at + 1).StartsWith("  ")) ? c.ToString() : $"\\x{(int)c:x2}"));
}

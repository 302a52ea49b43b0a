using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reflink.Cli.Tests;

/// <summary>
/// A shell that starts the tests in the background has them ignore SIGINT, and what they start would inherit that. This gives the
/// signal its default action again, once, before any test runs.
/// </summary>
internal static partial class ForegroundSignals
{
    // struct sigaction begins with the handler on every Linux and is shorter than this; all zeroes is the default action.
    private const int ActionBytes = 256;
    private const nint Ignored = 1;

    [ModuleInitializer]
    internal static void Restore()
    {
        var action = new nint[ActionBytes / nint.Size];
        if (sigaction(RunningCli.Interrupt, null, action) == 0 && action[0] == Ignored)
        {
            _ = sigaction(RunningCli.Interrupt, new nint[action.Length], null);
        }
    }

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, nint[]? action, nint[]? old);
}

namespace Reflink.Cli;

/// <summary>What the command returns to the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    /// <summary>128 + SIGINT, as shells report it.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>What the codes mean, for help and manual.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
        [(Success, "success"), (Failure, "failure"), (Usage, "wrong usage"), (Interrupted, "interrupted"), (Terminated, "terminated")];
}

namespace Reflink.IO.Abstractions.Calls;

/// <summary>Failures of a volume as the exceptions that System.IO throws for the same error number on Linux.</summary>
internal static class IoErrors
{
    /// <summary>The exception for a failure of the volume.</summary>
    public static Exception Of(ReflinkException failure, string path, Blame blame = Blame.File) => Of(failure.Error, path, blame, failure);

    /// <summary>The exception for an error number.</summary>
    public static Exception Of(Errno error, string path, Blame blame = Blame.File, ReflinkException? inner = null)
    {
        var why = inner is null ? "" : $" {char.ToUpperInvariant(inner.Reason[0])}{inner.Reason[1..]}.";
        return error switch
        {
            Errno.ENOENT => Missing(path, blame, inner),
            Errno.ENOTDIR => Missing(path, Blame.Directory, inner),
            Errno.EPERM or Errno.EACCES or Errno.EBADF => new UnauthorizedAccessException($"Access to the path '{path}' is denied.{why}", inner),
            Errno.ENAMETOOLONG => new PathTooLongException($"The path '{path}', or a name in it, is too long.{why}", inner),
            Errno.EFBIG => new ArgumentOutOfRangeException($"The file '{path}' would be too large.{why}", inner),
            Errno.EEXIST => WithNumber(error, $"The file '{path}' already exists.", inner),
            _ => WithNumber(error, $"{error} at '{path}'.{why}", inner),
        };
    }

    /// <summary>The exception for a path that leads nowhere.</summary>
    public static IOException Missing(string path, Blame blame, Exception? inner = null) => blame == Blame.Directory
        ? new DirectoryNotFoundException($"Could not find a part of the path '{path}'.", inner)
        : new FileNotFoundException($"Could not find file '{path}'.", path, inner);

    /// <summary>The exception for a file that somebody else has opened and does not share.</summary>
    public static IOException Locked(string path) =>
        new($"The process cannot access the file '{path}' because it is being used by another stream, or by a stream that shares it with nobody.");

    /// <summary>The exception for what a volume cannot do.</summary>
    public static NotSupportedException Impossible(string what, string why) => new($"{what} is not supported in a volume: {why}.");

    /// <summary>The exception for encryption, which is the same on Linux.</summary>
    public static PlatformNotSupportedException NoEncryption(string path) =>
        new($"'{path}' can be neither encrypted nor decrypted: System.IO does that on Windows alone, and a volume behaves as Linux does.");

    // System.IO puts the error number in HResult, where programs look for it.
    private static IOException WithNumber(Errno error, string message, Exception? inner) => new(message, inner) { HResult = (int)error };
}

namespace Reflink.IO.Abstractions.Calls;

/// <summary>How a file is to be opened, with the checks that FileStream makes of its arguments.</summary>
/// <param name="Path">The path as it was given.</param>
/// <param name="Mode">What is made, kept or emptied.</param>
/// <param name="Access">For what.</param>
/// <param name="Share">Who else may have it open.</param>
/// <param name="Options">Deleting on closing; the others are hints.</param>
/// <param name="Preallocated">Bytes of space to keep for it.</param>
/// <param name="Permissions">Permission bits of a file that is made; null: those that files are made with.</param>
internal sealed record OpenRequest(
    string Path, FileMode Mode, FileAccess Access, FileShare Share = FileShare.Read, FileOptions Options = FileOptions.None, long Preallocated = 0, UnixFileMode? Permissions = null)
{
    private const FileOptions KnownOptions =
        FileOptions.WriteThrough | FileOptions.Asynchronous | FileOptions.RandomAccess | FileOptions.DeleteOnClose | FileOptions.SequentialScan | FileOptions.Encrypted | (FileOptions)0x20000000;

    /// <summary>The request that a program describes by options.</summary>
    public static OpenRequest Of(string path, FileStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(path, options.Mode, options.Access, options.Share, options.Options, options.PreallocationSize, options.UnixCreateMode);
    }

    /// <summary>Whether the file is to be read, and written.</summary>
    public bool Reads => (Access & FileAccess.Read) != 0;

    /// <summary>Whether the file is to be written.</summary>
    public bool Writes => (Access & FileAccess.Write) != 0;

    /// <summary>Whether a file that is not there is made.</summary>
    public bool Creates => Mode is FileMode.CreateNew or FileMode.Create or FileMode.OpenOrCreate or FileMode.Append;

    /// <summary>Refuses what contradicts itself.</summary>
    public void Check(int bufferSize = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(Path, "path");
        RequireKnown(Mode is >= FileMode.CreateNew and <= FileMode.Append, "mode", Mode);
        RequireKnown(Access is >= FileAccess.Read and <= FileAccess.ReadWrite, "access", Access);
        RequireKnown((Share & ~FileShare.Inheritable) is >= FileShare.None and <= (FileShare.ReadWrite | FileShare.Delete), "share", Share);
        RequireKnown((Options & ~KnownOptions) == 0, "options", Options);
        ArgumentOutOfRangeException.ThrowIfNegative(bufferSize);
        ArgumentOutOfRangeException.ThrowIfNegative(Preallocated, "preallocationSize");
        if (!Writes && Mode is (FileMode.Truncate or FileMode.CreateNew or FileMode.Create or FileMode.Append))
        {
            throw Refused("access", $"FileMode.{Mode} writes the file '{Path}', and FileAccess.{Access} does not allow it.");
        }

        if (Reads && Mode == FileMode.Append)
        {
            throw Refused("access", $"FileMode.Append only writes: open '{Path}' with FileAccess.Write.");
        }

        if (Preallocated > 0 && (!Writes || Mode is not (FileMode.Create or FileMode.CreateNew)))
        {
            throw Refused("preallocationSize", $"Space can be kept only for a file that is made and written, and '{Path}' is opened with FileMode.{Mode}.");
        }

        if (Permissions is not null && !Creates)
        {
            throw Refused("unixCreateMode", $"Permission bits can be chosen only for a file that is made, and FileMode.{Mode} makes none.");
        }
    }

    private static ArgumentException Refused(string argument, string message) => new(message, argument);

    private static void RequireKnown(bool known, string name, object value)
    {
        if (!known)
        {
            throw new ArgumentOutOfRangeException(name, $"{value} is no value that FileStream knows.");
        }
    }
}

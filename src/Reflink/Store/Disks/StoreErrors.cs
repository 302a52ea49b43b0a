namespace Reflink.Store.Disks;

/// <summary>What goes wrong with files, in our words.</summary>
internal static class StoreErrors
{
    /// <summary>errno(3) of a file that somebody else has locked.</summary>
    public const int WouldBlock = 11;

    /// <summary>errno(3) of a full disk.</summary>
    public const int DiskFull = 28;

    // What .NET hands on of errno(3), which it names nowhere.
    private const int Exists = 17;
    private const int NotADirectory = 20;
    private const int NoPreallocation = unchecked((int)0x80131620);
    private const int ReadOnlyDisk = 30;
    private const int QuotaExceeded = 122;

    /// <summary>Whether an exception is a failure of files.</summary>
    public static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>What to tell of a failure in a store's folder.</summary>
    public static ReflinkException Describe(string place, Exception e, string what)
    {
        if (e.HResult == WouldBlock)
        {
            return new ReflinkException(Errno.EBUSY, $"the page store in {place} is being written by another store; wait until that has ended, or give this one a folder of its own", e);
        }

        var (error, remedy) = e switch
        {
            { HResult: DiskFull or QuotaExceeded or NoPreallocation } => (Errno.ENOSPC, "free some space on that disk"),
            { HResult: Exists or NotADirectory } => (Errno.ENOTDIR, "name a folder"),
            UnauthorizedAccessException or { HResult: ReadOnlyDisk } => (Errno.EACCES, "give the store a folder that can be written"),
            DirectoryNotFoundException or FileNotFoundException => (Errno.ENOENT, "name a folder whose parent can hold it, and leave it alone while the store uses it"),
            _ => (Errno.EIO, "give the store another folder"),
        };
        return new ReflinkException(error, $"the page store in {place} {what}: {e.Message.TrimEnd('.')}; {remedy}", e);
    }

    /// <summary>What to tell of a store whose files do not say what they must.</summary>
    public static ReflinkException Damaged(string place, string name, string what) =>
        new(Errno.EIO, $"the page store in {place} is damaged: {name} {what}; restore that file from a copy, or give the store another folder");
}

namespace Reflink.Units;

/// <summary>Permission bits that files are made with where nothing else is said, and masks of them.</summary>
public static class FileModes
{
    /// <summary>rw-------: a file that nobody else can open.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>rw-r--r--: a file.</summary>
    public const UnixFileMode File = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>rwxr-xr-x: a program or a directory.</summary>
    public const UnixFileMode Program = File | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>rwxrwxrwx: every right for everybody.</summary>
    public const UnixFileMode Everything = Program | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>S_ISUID and S_ISGID: a program runs with the rights of its owner or group.</summary>
    public const UnixFileMode SetIds = UnixFileMode.SetUser | UnixFileMode.SetGroup;

    /// <summary>All bits that a file keeps.</summary>
    public const UnixFileMode All = Everything | SetIds | UnixFileMode.StickyBit;
}

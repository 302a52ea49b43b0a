namespace Reflink.Fidelity.Filesystems;

/// <summary>A system call that takes a path.</summary>
public enum PathVerb
{
    /// <summary>open to read, then read a byte, which no directory allows.</summary>
    Read,

    /// <summary>open to write.</summary>
    Write,

    /// <summary>open with O_CREAT.</summary>
    Create,

    /// <summary>open with O_CREAT and O_EXCL.</summary>
    CreateNew,

    /// <summary>opendir.</summary>
    List,

    /// <summary>stat.</summary>
    Stat,

    /// <summary>lstat.</summary>
    StatLink,

    /// <summary>readlink.</summary>
    ReadLink,

    /// <summary>chmod.</summary>
    SetMode,

    /// <summary>mkdir.</summary>
    MakeDirectory,

    /// <summary>rmdir.</summary>
    RemoveDirectory,

    /// <summary>unlink.</summary>
    Unlink,

    /// <summary>symlink, to a file that is there.</summary>
    MakeLink,

    /// <summary>link, from the path to the other.</summary>
    Link,

    /// <summary>rename.</summary>
    Rename,

    /// <summary>renameat2 with RENAME_NOREPLACE.</summary>
    RenameNoReplace,

    /// <summary>renameat2 with RENAME_EXCHANGE.</summary>
    Exchange,
}

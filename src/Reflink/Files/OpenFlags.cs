namespace Reflink;

/// <summary>How a file is opened, by the names of open(2).</summary>
[Flags]
public enum OpenFlags
{
    /// <summary>To be read.</summary>
    Read = 1,

    /// <summary>To be written.</summary>
    Write = 2,

    /// <summary>To be read and written.</summary>
    ReadWrite = Read | Write,

    /// <summary>Made if it is not there.</summary>
    Create = 4,

    /// <summary>With <see cref="Create"/>: an error if it is there.</summary>
    Exclusive = 8,

    /// <summary>Emptied.</summary>
    Truncate = 16,

    /// <summary>Every write goes to the end.</summary>
    Append = 32,

    /// <summary>Reads and writes at whole sectors of 512 bytes only (O_DIRECT); they go through the cache as all do.</summary>
    Direct = 64,
}

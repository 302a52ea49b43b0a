namespace Reflink.IO.Abstractions.Calls;

/// <summary>What is missing where a path leads nowhere: System.IO has an exception for each.</summary>
internal enum Blame
{
    /// <summary>The file: <see cref="FileNotFoundException"/>.</summary>
    File,

    /// <summary>A directory: <see cref="DirectoryNotFoundException"/>.</summary>
    Directory,
}

using Reflink.Inodes;

namespace Reflink.Files;

/// <summary>Where a path leads, before its last name is looked up.</summary>
/// <param name="Directory">The directory that holds, or is to hold, the last name.</param>
/// <param name="Name">The last name: "." and ".." as they were written, "" for the root.</param>
/// <param name="EndsInSlash">Whether slashes follow the last name, so that only a directory is meant.</param>
internal readonly record struct Place(Inode Directory, string Name, bool EndsInSlash)
{
    /// <summary>Whether the last name is one that a directory may list (LAST_NORM in fs/namei.c).</summary>
    public bool IsNamed => Name is not ("" or "." or "..");
}

namespace Reflink.IO.Abstractions;

/// <summary>How a <see cref="VolumeFileSystem"/> behaves where users want different things.</summary>
public sealed record VolumeFileSystemOptions
{
    /// <summary>
    /// Whether File.Copy and FileInfo.CopyTo clone: the copy shares all blocks, takes constant time and no space, and a write to either copies one block. Otherwise every byte is
    /// copied, as by System.IO on a filesystem without reflinks.
    /// </summary>
    public bool CopyByClone { get; init; } = true;

    /// <summary>The current directory at the beginning, absolute. It is this object's own, and need not be there until a relative path is used.</summary>
    public string CurrentDirectory { get; init; } = "/";

    /// <summary>Permission bits that no file or directory gets when it is made (umask(2)).</summary>
    public UnixFileMode CreationMask { get; init; } = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
}

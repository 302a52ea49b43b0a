namespace Reflink.Files.Derived;

/// <summary>A file as it was at one time: what derived inodes are made from.</summary>
internal readonly record struct RootVersion(InodeNumber Root, long Version);

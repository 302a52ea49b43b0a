using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Infos;

/// <content>Listing.</content>
internal sealed partial class VolumeDirectoryInfo
{
    /// <inheritdoc/>
    public IEnumerable<IDirectoryInfo> EnumerateDirectories() => EnumerateDirectories("*", Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<IDirectoryInfo> EnumerateDirectories(string searchPattern) => EnumerateDirectories(searchPattern, Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<IDirectoryInfo> EnumerateDirectories(string searchPattern, SearchOption searchOption) => EnumerateDirectories(searchPattern, Listing.Of(searchOption));

    /// <inheritdoc/>
    public IEnumerable<IDirectoryInfo> EnumerateDirectories(string searchPattern, EnumerationOptions enumerationOptions) =>
        List(searchPattern, enumerationOptions, EntryKinds.Directories).Cast<IDirectoryInfo>();

    /// <inheritdoc/>
    public IDirectoryInfo[] GetDirectories() => [.. EnumerateDirectories()];

    /// <inheritdoc/>
    public IDirectoryInfo[] GetDirectories(string searchPattern) => [.. EnumerateDirectories(searchPattern)];

    /// <inheritdoc/>
    public IDirectoryInfo[] GetDirectories(string searchPattern, SearchOption searchOption) => [.. EnumerateDirectories(searchPattern, searchOption)];

    /// <inheritdoc/>
    public IDirectoryInfo[] GetDirectories(string searchPattern, EnumerationOptions enumerationOptions) => [.. EnumerateDirectories(searchPattern, enumerationOptions)];

    /// <inheritdoc/>
    public IEnumerable<IFileInfo> EnumerateFiles() => EnumerateFiles("*", Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern) => EnumerateFiles(searchPattern, Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern, SearchOption searchOption) => EnumerateFiles(searchPattern, Listing.Of(searchOption));

    /// <inheritdoc/>
    public IEnumerable<IFileInfo> EnumerateFiles(string searchPattern, EnumerationOptions enumerationOptions) =>
        List(searchPattern, enumerationOptions, EntryKinds.Files).Cast<IFileInfo>();

    /// <inheritdoc/>
    public IFileInfo[] GetFiles() => [.. EnumerateFiles()];

    /// <inheritdoc/>
    public IFileInfo[] GetFiles(string searchPattern) => [.. EnumerateFiles(searchPattern)];

    /// <inheritdoc/>
    public IFileInfo[] GetFiles(string searchPattern, SearchOption searchOption) => [.. EnumerateFiles(searchPattern, searchOption)];

    /// <inheritdoc/>
    public IFileInfo[] GetFiles(string searchPattern, EnumerationOptions enumerationOptions) => [.. EnumerateFiles(searchPattern, enumerationOptions)];

    /// <inheritdoc/>
    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos() => EnumerateFileSystemInfos("*", Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(string searchPattern) => EnumerateFileSystemInfos(searchPattern, Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(string searchPattern, SearchOption searchOption) => EnumerateFileSystemInfos(searchPattern, Listing.Of(searchOption));

    /// <inheritdoc/>
    public IEnumerable<IFileSystemInfo> EnumerateFileSystemInfos(string searchPattern, EnumerationOptions enumerationOptions) =>
        List(searchPattern, enumerationOptions, EntryKinds.Both);

    /// <inheritdoc/>
    public IFileSystemInfo[] GetFileSystemInfos() => [.. EnumerateFileSystemInfos()];

    /// <inheritdoc/>
    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern) => [.. EnumerateFileSystemInfos(searchPattern)];

    /// <inheritdoc/>
    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern, SearchOption searchOption) => [.. EnumerateFileSystemInfos(searchPattern, searchOption)];

    /// <inheritdoc/>
    public IFileSystemInfo[] GetFileSystemInfos(string searchPattern, EnumerationOptions enumerationOptions) => [.. EnumerateFileSystemInfos(searchPattern, enumerationOptions)];
}

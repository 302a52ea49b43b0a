using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <content>Listing.</content>
internal sealed partial class VolumeDirectory
{
    /// <inheritdoc/>
    public IEnumerable<string> EnumerateDirectories(string path) => EnumerateDirectories(path, "*", Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateDirectories(string path, string searchPattern) => EnumerateDirectories(path, searchPattern, Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateDirectories(string path, string searchPattern, SearchOption searchOption) =>
        EnumerateDirectories(path, searchPattern, Listing.Of(searchOption));

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateDirectories(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, EntryKinds.Directories);

    /// <inheritdoc/>
    public string[] GetDirectories(string path) => [.. EnumerateDirectories(path)];

    /// <inheritdoc/>
    public string[] GetDirectories(string path, string searchPattern) => [.. EnumerateDirectories(path, searchPattern)];

    /// <inheritdoc/>
    public string[] GetDirectories(string path, string searchPattern, SearchOption searchOption) => [.. EnumerateDirectories(path, searchPattern, searchOption)];

    /// <inheritdoc/>
    public string[] GetDirectories(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        [.. EnumerateDirectories(path, searchPattern, enumerationOptions)];

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFiles(string path) => EnumerateFiles(path, "*", Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFiles(string path, string searchPattern) => EnumerateFiles(path, searchPattern, Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFiles(string path, string searchPattern, SearchOption searchOption) =>
        EnumerateFiles(path, searchPattern, Listing.Of(searchOption));

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFiles(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, EntryKinds.Files);

    /// <inheritdoc/>
    public string[] GetFiles(string path) => [.. EnumerateFiles(path)];

    /// <inheritdoc/>
    public string[] GetFiles(string path, string searchPattern) => [.. EnumerateFiles(path, searchPattern)];

    /// <inheritdoc/>
    public string[] GetFiles(string path, string searchPattern, SearchOption searchOption) => [.. EnumerateFiles(path, searchPattern, searchOption)];

    /// <inheritdoc/>
    public string[] GetFiles(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        [.. EnumerateFiles(path, searchPattern, enumerationOptions)];

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFileSystemEntries(string path) => EnumerateFileSystemEntries(path, "*", Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern) => EnumerateFileSystemEntries(path, searchPattern, Listing.Compatible);

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern, SearchOption searchOption) =>
        EnumerateFileSystemEntries(path, searchPattern, Listing.Of(searchOption));

    /// <inheritdoc/>
    public IEnumerable<string> EnumerateFileSystemEntries(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        List(path, searchPattern, enumerationOptions, EntryKinds.Both);

    /// <inheritdoc/>
    public string[] GetFileSystemEntries(string path) => [.. EnumerateFileSystemEntries(path)];

    /// <inheritdoc/>
    public string[] GetFileSystemEntries(string path, string searchPattern) => [.. EnumerateFileSystemEntries(path, searchPattern)];

    /// <inheritdoc/>
    public string[] GetFileSystemEntries(string path, string searchPattern, SearchOption searchOption) => [.. EnumerateFileSystemEntries(path, searchPattern, searchOption)];

    /// <inheritdoc/>
    public string[] GetFileSystemEntries(string path, string searchPattern, EnumerationOptions enumerationOptions) =>
        [.. EnumerateFileSystemEntries(path, searchPattern, enumerationOptions)];

    private IEnumerable<string> List(string directory, string pattern, EnumerationOptions options, EntryKinds kinds) =>
        Listing.Of(calls, directory, Full, pattern, options, kinds).Select(e => e.Path);
}

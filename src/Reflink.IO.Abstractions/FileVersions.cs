using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <summary>Versions of programs, which a volume does not know.</summary>
internal sealed class FileVersions(IFileSystem fileSystem) : IFileVersionInfoFactory
{
    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public IFileVersionInfo GetVersionInfo(string fileName) => throw IoErrors.Impossible(
        $"FileVersionInfo of '{fileName}'", "version resources are read by .NET from files of this computer alone; export the file with HostFiles.Export and ask there");
}

using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Infos;

/// <summary>Makes DriveInfo objects; a volume is one drive, at the root.</summary>
internal sealed class Drives(IFileSystem fileSystem, VolumeCalls calls) : IDriveInfoFactory
{
    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public IDriveInfo[] GetDrives() => [New("/")];

    /// <inheritdoc/>
    public IDriveInfo New(string driveName)
    {
        ArgumentException.ThrowIfNullOrEmpty(driveName);
        if (driveName.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("The name of a drive holds a NUL, which no path has.", nameof(driveName));
        }

        return new VolumeDrive(fileSystem, calls, driveName);
    }

    /// <inheritdoc/>
    public IDriveInfo Wrap(DriveInfo? driveInfo) => throw IoErrors.Impossible(
        "Wrapping a DriveInfo", $"'{driveInfo}' is a drive of this computer; take DriveInfo.New(\"/\")");
}

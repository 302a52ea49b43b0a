using Microsoft.Win32.SafeHandles;
using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <content>Times. A path without anything has the earliest of Windows, as in System.IO.</content>
internal sealed partial class VolumeFile
{
    /// <inheritdoc/>
    public DateTime GetCreationTime(string path) => GetCreationTimeUtc(path).ToLocalTime();

    /// <inheritdoc/>
    public DateTime GetCreationTimeUtc(string path) => calls.Find(Full(path)) is { } s ? s.CreatedUtc : FileTime.Absent;

    /// <inheritdoc/>
    public void SetCreationTime(string path, DateTime creationTime) => calls.SetLastWrite(Full(path), creationTime.ToUniversalTime());

    /// <inheritdoc/>
    public void SetCreationTimeUtc(string path, DateTime creationTimeUtc) => calls.SetLastWrite(Full(path), FileTime.Utc(creationTimeUtc));

    /// <inheritdoc/>
    public DateTime GetCreationTime(SafeFileHandle fileHandle) => throw HandleAccess.Impossible("File.GetCreationTime of a handle");

    /// <inheritdoc/>
    public void SetCreationTime(SafeFileHandle fileHandle, DateTime creationTime) => throw HandleAccess.Impossible("File.SetCreationTime of a handle");

    /// <inheritdoc/>
    public DateTime GetCreationTimeUtc(SafeFileHandle fileHandle) => throw HandleAccess.Impossible("File.GetCreationTimeUtc of a handle");

    /// <inheritdoc/>
    public void SetCreationTimeUtc(SafeFileHandle fileHandle, DateTime creationTimeUtc) => throw HandleAccess.Impossible("File.SetCreationTimeUtc of a handle");

    /// <inheritdoc/>
    public DateTime GetLastAccessTime(string path) => GetLastAccessTimeUtc(path).ToLocalTime();

    /// <inheritdoc/>
    public DateTime GetLastAccessTimeUtc(string path) => calls.Find(Full(path)) is { } s ? FileTime.ToUtc(s.Entry.AccessedAt) : FileTime.Absent;

    /// <inheritdoc/>
    public void SetLastAccessTime(string path, DateTime lastAccessTime) => calls.SetLastAccess(Full(path), lastAccessTime.ToUniversalTime());

    /// <inheritdoc/>
    public void SetLastAccessTimeUtc(string path, DateTime lastAccessTimeUtc) => calls.SetLastAccess(Full(path), FileTime.Utc(lastAccessTimeUtc));

    /// <inheritdoc/>
    public DateTime GetLastAccessTime(SafeFileHandle fileHandle) => throw HandleAccess.Impossible("File.GetLastAccessTime of a handle");

    /// <inheritdoc/>
    public void SetLastAccessTime(SafeFileHandle fileHandle, DateTime lastAccessTime) => throw HandleAccess.Impossible("File.SetLastAccessTime of a handle");

    /// <inheritdoc/>
    public DateTime GetLastAccessTimeUtc(SafeFileHandle fileHandle) => throw HandleAccess.Impossible("File.GetLastAccessTimeUtc of a handle");

    /// <inheritdoc/>
    public void SetLastAccessTimeUtc(SafeFileHandle fileHandle, DateTime lastAccessTimeUtc) => throw HandleAccess.Impossible("File.SetLastAccessTimeUtc of a handle");

    /// <inheritdoc/>
    public DateTime GetLastWriteTime(string path) => GetLastWriteTimeUtc(path).ToLocalTime();

    /// <inheritdoc/>
    public DateTime GetLastWriteTimeUtc(string path) => calls.Find(Full(path)) is { } s ? FileTime.ToUtc(s.Entry.ModifiedAt) : FileTime.Absent;

    /// <inheritdoc/>
    public void SetLastWriteTime(string path, DateTime lastWriteTime) => calls.SetLastWrite(Full(path), lastWriteTime.ToUniversalTime());

    /// <inheritdoc/>
    public void SetLastWriteTimeUtc(string path, DateTime lastWriteTimeUtc) => calls.SetLastWrite(Full(path), FileTime.Utc(lastWriteTimeUtc));

    /// <inheritdoc/>
    public DateTime GetLastWriteTime(SafeFileHandle fileHandle) => throw HandleAccess.Impossible("File.GetLastWriteTime of a handle");

    /// <inheritdoc/>
    public void SetLastWriteTime(SafeFileHandle fileHandle, DateTime lastWriteTime) => throw HandleAccess.Impossible("File.SetLastWriteTime of a handle");

    /// <inheritdoc/>
    public DateTime GetLastWriteTimeUtc(SafeFileHandle fileHandle) => throw HandleAccess.Impossible("File.GetLastWriteTimeUtc of a handle");

    /// <inheritdoc/>
    public void SetLastWriteTimeUtc(SafeFileHandle fileHandle, DateTime lastWriteTimeUtc) => throw HandleAccess.Impossible("File.SetLastWriteTimeUtc of a handle");
}

using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <content>Times. A path without anything has the earliest of Windows, as in System.IO.</content>
internal sealed partial class VolumeDirectory
{
    /// <inheritdoc/>
    public DateTime GetCreationTime(string path) => GetCreationTimeUtc(path).ToLocalTime();

    /// <inheritdoc/>
    public DateTime GetCreationTimeUtc(string path) => calls.Find(Full(path)) is { } s ? s.CreatedUtc : FileTime.Absent;

    /// <inheritdoc/>
    public void SetCreationTime(string path, DateTime creationTime) => calls.SetLastWrite(Full(path), creationTime.ToUniversalTime(), Blame.Directory);

    /// <inheritdoc/>
    public void SetCreationTimeUtc(string path, DateTime creationTimeUtc) => calls.SetLastWrite(Full(path), FileTime.Utc(creationTimeUtc), Blame.Directory);

    /// <inheritdoc/>
    public DateTime GetLastAccessTime(string path) => GetLastAccessTimeUtc(path).ToLocalTime();

    /// <inheritdoc/>
    public DateTime GetLastAccessTimeUtc(string path) => calls.Find(Full(path)) is { } s ? FileTime.ToUtc(s.Entry.AccessedAt) : FileTime.Absent;

    /// <inheritdoc/>
    public void SetLastAccessTime(string path, DateTime lastAccessTime) => calls.SetLastAccess(Full(path), lastAccessTime.ToUniversalTime(), Blame.Directory);

    /// <inheritdoc/>
    public void SetLastAccessTimeUtc(string path, DateTime lastAccessTimeUtc) => calls.SetLastAccess(Full(path), FileTime.Utc(lastAccessTimeUtc), Blame.Directory);

    /// <inheritdoc/>
    public DateTime GetLastWriteTime(string path) => GetLastWriteTimeUtc(path).ToLocalTime();

    /// <inheritdoc/>
    public DateTime GetLastWriteTimeUtc(string path) => calls.Find(Full(path)) is { } s ? FileTime.ToUtc(s.Entry.ModifiedAt) : FileTime.Absent;

    /// <inheritdoc/>
    public void SetLastWriteTime(string path, DateTime lastWriteTime) => calls.SetLastWrite(Full(path), lastWriteTime.ToUniversalTime(), Blame.Directory);

    /// <inheritdoc/>
    public void SetLastWriteTimeUtc(string path, DateTime lastWriteTimeUtc) => calls.SetLastWrite(Full(path), FileTime.Utc(lastWriteTimeUtc), Blame.Directory);
}

using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Infos;

/// <summary>
/// What FileInfo and DirectoryInfo have in common. What is at the path is looked up once and remembered until <see cref="Refresh"/>, or until the object itself changes it, as
/// System.IO does.
/// </summary>
internal abstract class VolumeEntryInfo(IFileSystem fileSystem, VolumeCalls calls, string given, string full) : IFileSystemInfo
{
    private (EntryStatus? Status, bool IsKnown) _cached;
    private (string? Target, bool IsKnown) _link;

    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public string FullName { get; private set; } = full;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public string Extension => Path.GetExtension(FullName) is { Length: > 0 } extension ? extension : FullName.EndsWith('.') ? "." : "";

    /// <inheritdoc/>
    public abstract bool Exists { get; }

    /// <inheritdoc/>
    public FileAttributes Attributes
    {
        get => Status?.AttributesOf(Name) ?? (FileAttributes)(-1);
        set => Change(() => calls.SetAttributes(FullName, value, () => Status ?? throw calls.NotFound(FullName)));
    }

    /// <inheritdoc/>
    public UnixFileMode UnixFileMode
    {
        get => Status?.Mode ?? (UnixFileMode)(-1);
        set => Change(() => calls.SetMode(FullName, value));
    }

    /// <inheritdoc/>
    public DateTime CreationTime
    {
        get => CreationTimeUtc.ToLocalTime();
        set => CreationTimeUtc = value.ToUniversalTime();
    }

    /// <inheritdoc/>
    public DateTime CreationTimeUtc
    {
        get => Status is { } status ? status.CreatedUtc : FileTime.Absent;
        set => LastWriteTimeUtc = value;
    }

    /// <inheritdoc/>
    public DateTime LastAccessTime
    {
        get => LastAccessTimeUtc.ToLocalTime();
        set => LastAccessTimeUtc = value.ToUniversalTime();
    }

    /// <inheritdoc/>
    public DateTime LastAccessTimeUtc
    {
        get => Status is { } status ? FileTime.ToUtc(status.Entry.AccessedAt) : FileTime.Absent;
        set => Change(() => calls.SetLastAccess(FullName, FileTime.Utc(value), Missing));
    }

    /// <inheritdoc/>
    public DateTime LastWriteTime
    {
        get => LastWriteTimeUtc.ToLocalTime();
        set => LastWriteTimeUtc = value.ToUniversalTime();
    }

    /// <inheritdoc/>
    public DateTime LastWriteTimeUtc
    {
        get => Status is { } status ? FileTime.ToUtc(status.Entry.ModifiedAt) : FileTime.Absent;
        set => Change(() => calls.SetLastWrite(FullName, FileTime.Utc(value), Missing));
    }

    /// <inheritdoc/>
    public string? LinkTarget => (_link = _link.IsKnown ? _link : (calls.TryReadLink(FullName), true)).Target;

    /// <summary>The path as the program wrote it.</summary>
    protected string Given { get; private set; } = given;

    /// <summary>What is at the path; null if nothing is.</summary>
    protected EntryStatus? Status
    {
        get
        {
            if (!_cached.IsKnown)
            {
                Remember(calls.Find(FullName));
            }

            return _cached.Status;
        }
    }

    /// <summary>What is missing if the path leads nowhere.</summary>
    protected abstract Blame Missing { get; }

    /// <summary>The calls on the volume.</summary>
    protected VolumeCalls Calls => calls;

    /// <inheritdoc/>
    public abstract void Delete();

    /// <inheritdoc/>
    public void Refresh()
    {
        Forget();
        _ = Is(_ => true);
    }

    /// <inheritdoc/>
    public abstract void CreateAsSymbolicLink(string pathToTarget);

    /// <inheritdoc/>
    public abstract IFileSystemInfo? ResolveLinkTarget(bool returnFinalTarget);

    /// <inheritdoc/>
    public override string ToString() => Given;

    /// <summary>Takes what a listing found.</summary>
    internal void Remember(EntryStatus? status) => _cached = (status, true);

    /// <summary>Does what changes the entry, so that it is looked up again.</summary>
    protected void Change(Action change)
    {
        change();
        Forget();
    }

    /// <summary>Makes the object stand for another path.</summary>
    protected void MoveTo(string given, string full)
    {
        (Given, FullName) = (given, full);
        Forget();
    }

    /// <summary>Whether the entry is there, and of one kind; a path that cannot be looked up has none.</summary>
    protected bool Is(Predicate<EntryStatus> kind)
    {
        try
        {
            return Status is { } status && kind(status);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Forget() => (_cached, _link) = (default, default);
}

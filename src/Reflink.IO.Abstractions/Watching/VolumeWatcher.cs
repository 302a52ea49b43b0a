using System.Collections.ObjectModel;
using System.ComponentModel;
using System.IO.Enumeration;
using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions.Watching;

/// <summary>
/// Watches a directory for what calls through this filesystem do. An event is raised before the call returns, on the thread that made it, so that a test need not wait for it.
/// </summary>
internal sealed class VolumeWatcher(IFileSystem fileSystem, VolumeCalls calls) : IFileSystemWatcher
{
    private string _path = "";
    private string _full = "";
    private bool _isRaising;
    private bool _isDisposed;

    /// <inheritdoc/>
    public event FileSystemEventHandler? Changed;

    /// <inheritdoc/>
    public event FileSystemEventHandler? Created;

    /// <inheritdoc/>
    public event FileSystemEventHandler? Deleted;

    /// <inheritdoc/>
    public event RenamedEventHandler? Renamed;

    /// <inheritdoc/>
    /// <remarks>It is never raised: no buffer can run over, and what cannot be watched is refused when it is set.</remarks>
    public event ErrorEventHandler? Error
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <inheritdoc/>
    public IContainer? Container => null;

    /// <inheritdoc/>
    public ISite? Site { get; set; }

    /// <inheritdoc/>
    public ISynchronizeInvoke? SynchronizingObject { get; set; }

    /// <inheritdoc/>
    public bool IncludeSubdirectories { get; set; }

    /// <inheritdoc/>
    public int InternalBufferSize { get; set; } = 8192;

    /// <inheritdoc/>
    public NotifyFilters NotifyFilter { get; set; } = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.DirectoryName;

    /// <inheritdoc/>
    public Collection<string> Filters { get; } = [];

    /// <inheritdoc/>
    public string Filter
    {
        get => Filters.Count == 0 ? "*" : Filters[0];
        set
        {
            Filters.Clear();
            Filters.Add(value);
        }
    }

    /// <inheritdoc/>
    public string Path
    {
        get => _path;
        set
        {
            var full = value is { Length: > 0 } ? fileSystem.Path.GetFullPath(value) : "";
            if (!calls.DirectoryExists(full))
            {
                throw new ArgumentException($"The directory name '{value}' does not exist.", nameof(value));
            }

            (_path, _full) = (value!, System.IO.Path.TrimEndingDirectorySeparator(full));
        }
    }

    /// <inheritdoc/>
    public bool EnableRaisingEvents
    {
        get => _isRaising;
        set
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (value && _full.Length == 0)
            {
                throw new FileNotFoundException("A watcher needs a directory to watch; set its Path first.");
            }

            SetRaising(value);
        }
    }

    /// <inheritdoc/>
    public void BeginInit()
    {
        // There is nothing to put off: a watcher watches when EnableRaisingEvents is set.
    }

    /// <inheritdoc/>
    public void EndInit()
    {
        // As for BeginInit.
    }

    /// <inheritdoc/>
    public IWaitForChangedResult WaitForChanged(WatcherChangeTypes changeType) => throw NoWaiting();

    /// <inheritdoc/>
    public IWaitForChangedResult WaitForChanged(WatcherChangeTypes changeType, int timeout) => timeout == Timeout.Infinite ? throw NoWaiting() : TimedOut;

    /// <inheritdoc/>
    public IWaitForChangedResult WaitForChanged(WatcherChangeTypes changeType, TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? throw NoWaiting() : TimedOut;

    /// <inheritdoc/>
    public void Dispose()
    {
        SetRaising(false);
        _isDisposed = true;
    }

    // One thread uses a volume: nothing changes while it waits.
    private static WaitResult TimedOut => new(0, null, null, TimedOut: true);

    private static NotSupportedException NoWaiting() => IoErrors.Impossible(
        "Waiting for a change without end", "a volume is for one thread, so that nothing changes while it waits; use the events");

    private void SetRaising(bool value)
    {
        if (value != _isRaising)
        {
            _isRaising = value;
            if (value)
            {
                calls.Events.Add(Look);
            }
            else
            {
                calls.Events.Remove(Look);
            }
        }
    }

    // A renaming out of what is watched is a deletion, one into it a creation.
    private void Look(FileEvent what)
    {
        if ((NotifyFilter & what.Kind) == 0)
        {
            return;
        }

        if (what.OldPath is { } before)
        {
            LookAtRenaming(before, what.Path);
        }
        else if (NameOf(what.Path) is { } name && IsMatch(name))
        {
            Raise(what.Type, name);
        }
    }

    private void LookAtRenaming(string before, string after)
    {
        switch (NameOf(before), NameOf(after))
        {
            case ({ } oldName, { } name) when IsMatch(oldName) || IsMatch(name):
                Renamed?.Invoke(this, new(WatcherChangeTypes.Renamed, _path, name, oldName));
                break;
            case ({ } oldName, null) when IsMatch(oldName):
                Raise(WatcherChangeTypes.Deleted, oldName);
                break;
            case (null, { } name) when IsMatch(name):
                Raise(WatcherChangeTypes.Created, name);
                break;
        }
    }

    private void Raise(WatcherChangeTypes type, string name)
    {
        var handler = type switch
        {
            WatcherChangeTypes.Created => Created,
            WatcherChangeTypes.Deleted => Deleted,
            _ => Changed,
        };
        handler?.Invoke(this, new(type, _path, name));
    }

    // The path below the directory that is watched; null if it is elsewhere, or too deep.
    private string? NameOf(string path)
    {
        var prefix = _full == "/" ? _full : _full + "/";
        if (!path.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var name = path[prefix.Length..];
        return name.Contains('/', StringComparison.Ordinal) && !IncludeSubdirectories ? null : name;
    }

    private bool IsMatch(string name) =>
        Filters.Count == 0 || Filters.Any(f => FileSystemName.MatchesSimpleExpression(f is "*.*" or "" ? "*" : f, System.IO.Path.GetFileName(name), ignoreCase: false));
}

namespace Reflink.IO.Abstractions.Calls;

/// <summary>Tells watchers what calls through this filesystem did, in the order in which they did it.</summary>
internal sealed class FileEvents
{
    // Who hears of what, as FileSystemWatcher has it on Linux: writing is IN_MODIFY, and chmod(2) and utimensat(2) are IN_ATTRIB.
    private const NotifyFilters Modifying = NotifyFilters.LastAccess | NotifyFilters.LastWrite | NotifyFilters.Security | NotifyFilters.Size;
    private const NotifyFilters Describing = Modifying | NotifyFilters.Attributes | NotifyFilters.CreationTime;

    private readonly List<Action<FileEvent>> _listeners = [];

    /// <summary>Begins to tell a listener.</summary>
    public void Add(Action<FileEvent> listener) => _listeners.Add(listener);

    /// <summary>Ends it.</summary>
    public void Remove(Action<FileEvent> listener) => _listeners.Remove(listener);

    /// <summary>Something was made at a path.</summary>
    public void Created(string path, NotifyFilters kind) => Tell(new(WatcherChangeTypes.Created, path, null, kind));

    /// <summary>What was at a path is gone.</summary>
    public void Deleted(string path, NotifyFilters kind) => Tell(new(WatcherChangeTypes.Deleted, path, null, kind));

    /// <summary>The contents of a file changed.</summary>
    public void Written(string path) => Tell(new(WatcherChangeTypes.Changed, path, null, Modifying));

    /// <summary>Permissions or times changed.</summary>
    public void Described(string path) => Tell(new(WatcherChangeTypes.Changed, path, null, Describing));

    /// <summary>A file was read.</summary>
    public void Read(string path) => Tell(new(WatcherChangeTypes.Changed, path, null, NotifyFilters.LastAccess));

    /// <summary>What was at the old path is at the new one.</summary>
    public void Renamed(string oldPath, string path, NotifyFilters kind) => Tell(new(WatcherChangeTypes.Renamed, path, oldPath, kind));

    // A listener may add or remove listeners.
    private void Tell(FileEvent what)
    {
        if (_listeners.Count > 0)
        {
            foreach (var listener in _listeners.ToArray())
            {
                listener(what with { Path = System.IO.Path.TrimEndingDirectorySeparator(what.Path) });
            }
        }
    }
}

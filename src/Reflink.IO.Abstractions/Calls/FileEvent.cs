namespace Reflink.IO.Abstractions.Calls;

/// <summary>One change that a call made.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Path">The full path.</param>
/// <param name="OldPath">The full path before a renaming.</param>
/// <param name="Kind">What it is of: a name of a file or a directory, the size, a time, attributes.</param>
internal readonly record struct FileEvent(WatcherChangeTypes Type, string Path, string? OldPath, NotifyFilters Kind);

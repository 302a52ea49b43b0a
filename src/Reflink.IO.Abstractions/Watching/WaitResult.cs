namespace Reflink.IO.Abstractions.Watching;

/// <summary>What WaitForChanged saw.</summary>
internal sealed record WaitResult(WatcherChangeTypes ChangeType, string? Name, string? OldName, bool TimedOut) : IWaitForChangedResult;

namespace Reflink.Studies.Replaying;

/// <summary>How equal pages are merged while a trace is replayed on a machine; the defaults are Linux's.</summary>
/// <param name="PagesToScan">Pages that ksmd looks at when it wakes (pages_to_scan).</param>
/// <param name="SleepMilliseconds">Milliseconds between two wakes (sleep_millisecs).</param>
public sealed record ReplayMerging(uint PagesToScan = 100, uint SleepMilliseconds = 20);

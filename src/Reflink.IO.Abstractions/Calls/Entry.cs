namespace Reflink.IO.Abstractions.Calls;

/// <summary>An entry of a directory that was listed.</summary>
/// <param name="Path">Its path, which begins as the program wrote the directory's.</param>
/// <param name="FullPath">Its full path.</param>
/// <param name="Status">What it is.</param>
internal readonly record struct Entry(string Path, string FullPath, EntryStatus Status);

namespace Reflink.Units;

/// <summary>A control file of the machine, by its kernel path, as under /sys and /proc: text in and out, without the line's end.</summary>
/// <param name="Path">The path.</param>
/// <param name="Read">What it shows; null: it may only be written.</param>
/// <param name="Write">What writing does; null: it may only be read.</param>
public sealed record ControlFile(string Path, Func<string>? Read, Action<string>? Write = null);

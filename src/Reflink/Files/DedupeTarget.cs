namespace Reflink.Files;

/// <summary>A range of a file that is to share another's blocks, as long as the source's range.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">Where in it, in bytes.</param>
public readonly record struct DedupeTarget(OpenFile File, long Offset);

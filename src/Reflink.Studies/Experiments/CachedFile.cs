namespace Reflink.Studies.Experiments;

/// <summary>How much of a file is in memory, and with whom it shares that.</summary>
/// <param name="Name">The file's name; of the pages that a process has copied from a file, <c>PROCESS:NAME</c>.</param>
/// <param name="Size">Bytes; null for a process's copies.</param>
/// <param name="Blocks">Blocks that it has.</param>
/// <param name="Cached">Pages of it that have a frame.</param>
/// <param name="Shared">How many of these frames serve other pages too.</param>
/// <param name="With">Whose pages those are, and how many.</param>
public sealed record CachedFile(string Name, long? Size, long Blocks, long Cached, long Shared, IReadOnlyDictionary<string, long> With);

namespace Reflink.Studies.Comparison;

/// <summary>Which binary was patched.</summary>
/// <param name="Path">Where it was found.</param>
/// <param name="BuildId">Its GNU build-id, or null.</param>
/// <param name="TextPages">Pages of its executable mappings.</param>
public sealed record BinaryFacts(string Path, string? BuildId, long TextPages);

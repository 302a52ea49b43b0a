namespace Reflink.Patching;

/// <summary>What a change of an overlay did.</summary>
/// <param name="Mappings">How many mappings show it.</param>
/// <param name="ShadowedBytes">Bytes in them that stayed as they were, because the process or a debugger had changed them.</param>
public sealed record OverlayResult(int Mappings, long ShadowedBytes);

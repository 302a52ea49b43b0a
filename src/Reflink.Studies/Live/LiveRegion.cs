using Reflink.Studies.Comparison;

namespace Reflink.Studies.Live;

/// <summary>Memory of a real process, and what must be there without and with the patches.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Bytes">What it must show.</param>
internal sealed record LiveRegion(long Address, FlatCopy Bytes);

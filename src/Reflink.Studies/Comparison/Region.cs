using Reflink.Vm;

namespace Reflink.Studies.Comparison;

/// <summary>Memory of one process that a comparison loads after each phase, and what must be there without and with the patches.</summary>
/// <param name="Process">Whose memory.</param>
/// <param name="Address">Where it begins.</param>
/// <param name="Path">The file that is mapped there.</param>
/// <param name="Bytes">What it must show; where patching is to change nothing, a copy without changes.</param>
public sealed record Region(Process Process, long Address, string Path, FlatCopy Bytes);

namespace Reflink.Studies.Comparison;

/// <summary>What some of the processes of a comparison are patched with.</summary>
/// <param name="Number">Counted from 0; process i has the profile i modulo the number of profiles.</param>
/// <param name="Patches">The patches.</param>
/// <param name="Processes">How many processes have it.</param>
/// <param name="Texts">What each of them maps, with the patches as changes.</param>
public sealed record PatchProfile(int Number, PatchSet Patches, int Processes, IReadOnlyList<FlatCopy> Texts);

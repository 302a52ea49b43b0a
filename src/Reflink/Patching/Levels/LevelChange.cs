using Reflink.Inodes;
using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>A change of levels that was checked and can be made: a mapping, in all parts it was split into, and what it will show.</summary>
/// <param name="Process">Whose mapping.</param>
/// <param name="Parts">The parts, by address.</param>
/// <param name="Levels">What will lie over the file.</param>
/// <param name="Shown">The inode that will show; the plan is one of its users.</param>
/// <param name="WasKnown">Whether that inode was there already.</param>
/// <param name="Edits">From the bytes that show now to those that will.</param>
internal sealed record LevelChange(
    Process Process, IReadOnlyList<Vma> Parts, PatchLevels Levels, Inode Shown, bool WasKnown, PatchSet Edits);

using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>
/// A planned change of levels, which was checked and can be committed: a mapping, in all parts that it was split into, and what it will show.
/// The plan is a user of the inode that will show, until it is disposed.
/// </summary>
/// <param name="Metadata">Ends the use of the inode.</param>
/// <param name="Process">The process whose mapping it is.</param>
/// <param name="Parts">The parts, by address.</param>
/// <param name="Levels">The levels that will lie over the file.</param>
/// <param name="Shown">The inode that will show.</param>
/// <param name="WasKnown">Whether that inode existed before the plan was made.</param>
/// <param name="Edits">The changes from the bytes that show now to those that will.</param>
internal sealed record LevelChange(
    Metadata Metadata, Process Process, IReadOnlyList<Vma> Parts, PatchLevels Levels, Inode Shown, bool WasKnown, PatchSet Edits) : IDisposable
{
    /// <summary>Ends the use of the inode, whether or not the change was committed.</summary>
    public void Dispose() => Metadata.Put(Shown);
}

using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>
/// A planned change of levels, which was checked and can be committed: a mapping, in all parts that it was split into, and what it will show.
/// The plan is a user of the inode that will show, until it is disposed.
/// </summary>
/// <param name="metadata">Ends the use of the inode.</param>
/// <param name="process">The process whose mapping it is.</param>
/// <param name="parts">The parts, by address.</param>
/// <param name="levels">The levels that will lie over the file.</param>
/// <param name="shown">The inode that will show; the plan becomes one of its users.</param>
/// <param name="edits">The changes from the bytes that show now to those that will.</param>
internal sealed class LevelChange(
    Metadata metadata, Process process, IReadOnlyList<Vma> parts, PatchLevels levels, Inode shown, PatchSet edits) : IDisposable
{
    public Process Process => process;

    public IReadOnlyList<Vma> Parts => parts;

    public PatchLevels Levels => levels;

    public Inode Shown { get; } = Use(shown);

    /// <summary>Whether the inode existed before the plan was made.</summary>
    public required bool WasKnown { get; init; }

    public PatchSet Edits => edits;

    /// <summary>Ends the use of the inode, whether or not the change was committed.</summary>
    public void Dispose() => metadata.Put(Shown);

    private static Inode Use(Inode inode)
    {
        inode.Users++;
        return inode;
    }
}

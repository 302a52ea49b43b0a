namespace Reflink.Studies.Replaying;

/// <summary>What a trace is replayed on, where real frames, page tables and a store are wanted.</summary>
/// <param name="Machine">The machine; its memory and its policy are those of <see cref="ReplayOptions"/>.</param>
public sealed record MachineReplayOptions(MachineOptions Machine)
{
    /// <summary>How the accesses come in.</summary>
    public TraceDoor Door { get; init; }

    /// <summary>How many files there are of each in the trace: the file itself and its reflinks, which the accesses go to in turn. 1 at the least.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>
    /// Whether equal pages are merged, and how; null: they are not. It is for <see cref="TraceDoor.Mapped"/>: each copy is mapped private by a process of its own then, and what a store writes depends on
    /// the page alone, so that copies of which the same page was stored to have equal pages. The machine has swap for all of them.
    /// </summary>
    public ReplayMerging? Merging { get; init; }
}

namespace Reflink.Studies.Replaying;

/// <summary>What a trace is replayed on, where real frames, page tables and a store are wanted.</summary>
/// <param name="Machine">The machine; its memory and its policy are those of <see cref="ReplayOptions"/>.</param>
public sealed record MachineReplayOptions(MachineOptions Machine)
{
    /// <summary>How the accesses come in.</summary>
    public TraceDoor Door { get; init; }

    /// <summary>How many files there are of each in the trace: the file itself and its reflinks, which the accesses go to in turn. 1 at the least.</summary>
    public int Copies { get; init; } = 1;
}

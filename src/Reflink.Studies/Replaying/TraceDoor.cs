namespace Reflink.Studies.Replaying;

/// <summary>By which door the accesses of a trace come to a machine's pages.</summary>
public enum TraceDoor
{
    /// <summary>read() and write() of whole pages.</summary>
    Calls,

    /// <summary>Loads and stores of eight bytes through a shared mapping of each file.</summary>
    Mapped,
}

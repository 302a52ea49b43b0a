namespace Reflink.Vm;

/// <summary>Is told what becomes of processes, right after it happened and in a fixed order. Must not throw.</summary>
internal interface IProcessObserver
{
    /// <summary>A process was forked; the child has its mappings.</summary>
    void Forked(Process parent, Process child);

    /// <summary>A process runs another program: its old memory is gone.</summary>
    void Executed(Process process);

    /// <summary>A process ended: its memory is gone.</summary>
    void Exited(Process process);
}

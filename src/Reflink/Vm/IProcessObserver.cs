namespace Reflink.Vm;

/// <summary>Is told what becomes of processes and their memory, in a fixed order.</summary>
internal interface IProcessObserver
{
    /// <summary>A range of a mapping is about to be moved to other addresses. May fail; then it is not moved.</summary>
    /// <exception cref="ReflinkException">ENOMEM, EIO.</exception>
    void Moving(Process process, Vma vma, Units.VirtualRange range);

    /// <summary>A process was forked; the child has its mappings. This and what follows must not throw.</summary>
    void Forked(Process parent, Process child);

    /// <summary>A process runs another program: its old memory is gone.</summary>
    void Executed(Process process);

    /// <summary>A process ended: its memory is gone.</summary>
    void Exited(Process process);
}

namespace Reflink.Vm;

/// <summary>Is told of every mapping of a file right after it was made, before anyone can look through it (the kernel's uprobe_mmap).</summary>
internal interface IMappingObserver
{
    /// <summary>A mapping was made. Must not throw: mmap(2) has succeeded.</summary>
    void Mapped(Process process, Vma vma);
}

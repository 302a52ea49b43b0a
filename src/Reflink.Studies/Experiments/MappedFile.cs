using Reflink.Vm;

namespace Reflink.Studies.Experiments;

/// <summary>A file that a process maps.</summary>
/// <param name="User">What steps call the process.</param>
/// <param name="Process">The process.</param>
/// <param name="Name">The file's name when it was mapped.</param>
/// <param name="Address">Where it is mapped.</param>
/// <param name="Size">Its size when it was mapped, in bytes.</param>
internal sealed record MappedFile(string User, Process Process, string Name, long Address, long Size)
{
    public Vma Vma => Process.Memory.Find(Address)!;
}

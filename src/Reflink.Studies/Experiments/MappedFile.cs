using Reflink.Vm;

namespace Reflink.Studies.Experiments;

/// <summary>A file that a process maps, or anonymous memory that it has.</summary>
/// <param name="User">What steps call the process.</param>
/// <param name="Process">The process.</param>
/// <param name="Name">The file's name when it was mapped, or what steps call the memory.</param>
/// <param name="Address">Where it is mapped.</param>
/// <param name="Size">Its size then, in bytes.</param>
internal sealed record MappedFile(string User, Process Process, string Name, long Address, long Size)
{
    public Vma Vma => Process.Memory.Find(Address)!;
}

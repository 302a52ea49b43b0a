using Reflink.Inodes;
using Reflink.Vm;

namespace Reflink.Ksm.Scanning;

/// <summary>A private page of a process that is in memory: where it is mapped, and its present block and frame.</summary>
/// <param name="Process">The process.</param>
/// <param name="Vma">The mapping.</param>
/// <param name="Page">The page in the address space.</param>
/// <param name="Block">The block.</param>
/// <param name="Frame">The frame that holds it.</param>
internal readonly record struct VisitedPage(Process Process, Vma Vma, VirtualPage Page, BlockNumber Block, FrameNumber Frame)
{
    /// <summary>The private inode that has the page.</summary>
    public Inode Inode => Vma.Private!;

    /// <summary>The page in it.</summary>
    public PageIndex At => Vma.PageOf(Page);
}

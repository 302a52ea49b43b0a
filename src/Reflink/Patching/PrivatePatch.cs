using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching;

/// <summary>
/// Patching as tracers do it today: make the text writable, write the bytes, make it executable again. Every page that is
/// written becomes a private copy of the process, and stays one when the old bytes are written back.
/// </summary>
public static class PrivatePatch
{
    /// <summary>Writes a set's new bytes into the mapping at an address.</summary>
    /// <exception cref="PatchRefusedException">Bytes in memory differ from the set's old bytes; nothing was written.</exception>
    /// <exception cref="ReflinkException">EFAULT, EINVAL, ENOMEM (what was written before stays), ESRCH.</exception>
    public static void Apply(Process process, long address, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(set);
        Write(process, address, set);
    }

    /// <summary>Writes the old bytes back.</summary>
    /// <exception cref="PatchRefusedException">Bytes in memory differ from the set's new bytes; nothing was written.</exception>
    /// <exception cref="ReflinkException">EFAULT, EINVAL, ENOMEM, ESRCH.</exception>
    public static void Revert(Process process, long address, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(set);
        Write(process, address, set.Inverse());
    }

    private static void Write(Process process, long address, PatchSet set)
    {
        var vma = process.Memory.Find(address)
            ?? throw new ReflinkException(Errno.EFAULT, $"nothing is mapped at 0x{address:x} in {process}");
        if (vma.IsShared)
        {
            throw new ReflinkException(Errno.EINVAL, $"the mapping at {vma.Start} is shared: writing to it would change the file for all");
        }

        PatchChecker.CheckSize(set, vma.File?.Size ?? 0);

        // The address of file offset 0. The mapping may be joined with a neighbour meanwhile, but addresses stay.
        var origin = vma.Start.Address - vma.FilePage.Offset;
        var end = Math.Min(vma.FileRange.End.Offset, vma.File?.Size ?? 0);
        PatchChecker.Check(
            set, vma.FileRange.Start.Offset, end, (offset, into) => process.Memory.Load(origin + offset, into));
        var (start, length, protection) = (vma.Start.Address, vma.Length << Page.Shift, vma.Protection);
        process.Memory.Protect(start, length, Protection.ReadWrite);
        try
        {
            for (var i = 0; i < set.Count; i++)
            {
                process.Memory.Store(origin + set.Offset(i), set.New(i));
            }
        }
        finally
        {
            process.Memory.Protect(start, length, protection);
        }
    }
}

namespace Reflink.Vm;

/// <content>Changing what mappings allow.</content>
public sealed partial class AddressSpace
{
    /// <summary>Changes what mappings allow (mprotect(2)).</summary>
    /// <exception cref="ReflinkException">EINVAL, EACCES for a shared mapping of a file not open for writing, ENOMEM for a gap, ESRCH.</exception>
    public void Protect(long address, long length, Protection protection)
    {
        using var _ = Process.EnterCall();
        var range = CheckedRange(address, length);
        var covered = _vmas.Overlapping(range);
        CheckProtectable(covered, range, protection);
        foreach (var vma in covered)
        {
            SplitOff(vma, range);
            vma.Protection = protection;
            _vm.Meter.Count(WorkKind.MappingChanged);
            _vm.Meter.Count(WorkKind.EntryProtected, EntriesOf(vma));
            MergeBefore(vma);
        }

        if (covered.Count > 0 && _vmas.Find(range.End) is { } behind)
        {
            MergeBefore(behind);
        }
    }

    private static void CheckProtectable(List<Vma> covered, VirtualRange range, Protection protection)
    {
        var next = range.Start;
        foreach (var vma in covered)
        {
            if (vma.Start > next)
            {
                break;
            }

            if ((protection & Protection.Write) != 0 && !vma.MayWrite)
            {
                throw new ReflinkException(
                    Errno.EACCES, $"the shared mapping at {vma.Start} is of a file that was not open for writing");
            }

            next = vma.End;
        }

        if (next < range.End)
        {
            throw new ReflinkException(Errno.ENOMEM, $"nothing is mapped at {next}; protect only what is mapped");
        }
    }
}

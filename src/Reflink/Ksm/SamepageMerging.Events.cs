using Reflink.Ksm.Scanning;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <content>Reactions to what processes do: advice, options, new mappings, fork, exec, exit.</content>
public sealed partial class SamepageMerging : IAdviser, IDaemon, IMappingObserver, IProcessObserver
{
    /// <inheritdoc/>
    bool IAdviser.Knows(Advice advice) => advice is Advice.Mergeable or Advice.Unmergeable or Advice.Merge;

    /// <inheritdoc/>
    void IAdviser.Advise(Process process, VirtualRange range, Advice advice)
    {
        switch (advice)
        {
            case Advice.Mergeable: Enrol(process, Machine, range); break;
            case Advice.Unmergeable: UnmergeRange(process, range, IsMachineWide); break;
            default: MergeRange(process, range, MergeFlags.None); break;
        }
    }

    /// <inheritdoc/>
    bool IAdviser.TryPrctl(Process process, ProcessOption option, long value, out long result)
    {
        result = option == ProcessOption.GetMemoryMerge && _mergeAny.Contains(process) ? 1 : 0;
        if (option == ProcessOption.SetMemoryMerge)
        {
            SetMergeAny(process, value != 0);
        }

        return option is ProcessOption.SetMemoryMerge or ProcessOption.GetMemoryMerge;
    }

    /// <inheritdoc/>
    void IMappingObserver.Mapped(Process process, Vma vma)
    {
        if (_mergeAny.Contains(process) && IsEligible(vma))
        {
            // The process may have lost its slot because it had no mapping for a whole pass.
            Enlist(process, Machine);
            vma.Merging = Machine.Domain;
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Moving(Process process, Vma vma, VirtualRange range)
    {
        // The mapping stays in its partition (move_vma, mm/mremap.c).
        if (vma.Merging is not null)
        {
            _unmerger.Unmerge(process, vma, range);
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Forked(Process parent, Process child)
    {
        foreach (var partition in All)
        {
            if (partition.Domain.SlotOf(parent) is not null && _changes.Follows(Rule.ForkJoins))
            {
                Enlist(child, partition);
            }
        }

        if (_mergeAny.Contains(parent))
        {
            _mergeAny.Add(child);
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Executed(Process process)
    {
        Leave(process);
        if (_mergeAny.Contains(process))
        {
            Enlist(process, Machine);
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Exited(Process process)
    {
        Leave(process);
        _mergeAny.Remove(process);
    }

    private void Leave(Process process)
    {
        foreach (var partition in All)
        {
            partition.Domain.Leave(process);
        }

        _partitions.DropUnused();
    }

    private void SetMergeAny(Process process, bool on)
    {
        if (on == _mergeAny.Contains(process))
        {
            return;
        }

        foreach (var vma in process.Memory.Mappings.ToList())
        {
            if (on)
            {
                Enrol(process, Machine, vma.Range);
            }
            else
            {
                UnmergeRange(process, vma.Range, d => d == Machine.Domain);
            }
        }

        if (on)
        {
            Enlist(process, Machine);
            _mergeAny.Add(process);
        }
        else
        {
            _mergeAny.Remove(process);
        }
    }
}

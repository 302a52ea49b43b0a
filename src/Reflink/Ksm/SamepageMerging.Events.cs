using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <content>What processes do and say: advice, options, new mappings, fork, exec, exit.</content>
public sealed partial class SamepageMerging : IAdviser, IMappingObserver, IProcessObserver
{
    /// <inheritdoc/>
    bool IAdviser.Knows(Advice advice) => advice is Advice.Mergeable or Advice.Unmergeable or Advice.Merge;

    /// <inheritdoc/>
    void IAdviser.Advise(Process process, VirtualPage start, VirtualPage end, Advice advice)
    {
        switch (advice)
        {
            case Advice.Mergeable: Take(process, Machine, start, end); break;
            case Advice.Unmergeable: UnmergeRange(process, start, end, IsOwn); break;
            default: MergeRange(process, start, end, MergeFlags.None); break;
        }
    }

    /// <inheritdoc/>
    bool IAdviser.TryPrctl(Process process, ProcessOption option, long value, out long result)
    {
        result = option == ProcessOption.GetMemoryMerge && MergesAny(process) ? 1 : 0;
        if (option == ProcessOption.SetMemoryMerge)
        {
            SetMergeAny(process, value != 0);
        }

        return option is ProcessOption.SetMemoryMerge or ProcessOption.GetMemoryMerge;
    }

    /// <inheritdoc/>
    void IMappingObserver.Mapped(Process process, Vma vma)
    {
        if (MergesAny(process) && IsEligible(vma))
        {
            vma.Merging = Machine.Domain;
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Forked(Process parent, Process child)
    {
        foreach (var partition in All)
        {
            if (partition.Domain.SlotOf(parent) is { } slot)
            {
                Enter(child, partition).MergeAny = slot.MergeAny;
            }
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Executed(Process process)
    {
        var mergesAny = MergesAny(process);
        Leave(process);
        if (mergesAny)
        {
            Enter(process, Machine).MergeAny = true;
        }
    }

    /// <inheritdoc/>
    void IProcessObserver.Exited(Process process) => Leave(process);

    private bool MergesAny(Process process) => Machine.Domain.SlotOf(process) is { MergeAny: true };

    private void Leave(Process process)
    {
        foreach (var partition in All.ToList())
        {
            partition.Domain.Leave(process);
            if (partition != Machine && partition != Requested)
            {
                _partitions.DropIfUnused(partition);
            }
        }
    }

    private void SetMergeAny(Process process, bool on)
    {
        if (on == MergesAny(process))
        {
            return;
        }

        foreach (var vma in process.Memory.Mappings.ToList())
        {
            if (on)
            {
                Take(process, Machine, vma.Start, vma.End);
            }
            else
            {
                UnmergeRange(process, vma.Start, vma.End, d => d == Machine.Domain);
            }
        }

        Enter(process, Machine).MergeAny = on;
    }
}

using Reflink.Inodes;

namespace Reflink.Vm;

/// <content>Copying mappings into a child.</content>
public sealed partial class AddressSpace
{
    /// <summary>Makes this, an empty address space, a copy of another: shared entries, cloned private pages, in O(mappings).</summary>
    internal void CopyFrom(AddressSpace parent)
    {
        _entries = parent._entries.Share();
        var clones = new Dictionary<Inode, Inode>();
        foreach (var vma in parent._vmas.All)
        {
            var copy = vma.Part(vma.Range);
            (copy.IsLocked, copy.IsLockedOnFault) = (false, false);
            copy.Private = vma.Private is { } own ? CloneOnce(own, clones) : null;
            if (copy.Private is null || copy.Private.Map.IsEmpty)
            {
                // Linux copies page tables only for mappings with private pages; others fault anew in the child.
                copy.StampMapped(_vm.Changes);
            }

            Reference(copy);
            _vmas.Add(copy);
            _vm.Meter.Count(WorkKind.MappingChanged);
        }

        foreach (var clone in clones.Values)
        {
            // The mappings hold the clone now: drop the reference taken while making it.
            _vm.Metadata.Put(clone);
        }
    }

    private Inode CloneOnce(Inode own, Dictionary<Inode, Inode> clones)
    {
        if (!clones.TryGetValue(own, out var clone))
        {
            clone = _vm.Metadata.CreateNameless(InodeType.Private);
            _vm.Ledger.Share(own, clone);
            clones.Add(own, clone);
        }

        return clone;
    }
}

using System.Diagnostics.CodeAnalysis;
using Reflink.Files;
using Reflink.Inodes;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Patching;

/// <summary>
/// Uprobes as Linux has them (kernel/events/uprobes.c): breakpoints by file and offset, in every mapping of the file, present
/// or future, of every process. Each process gets private copies of the pages; when the last consumer of a probe goes, pages
/// that equal the file's again are dropped.
/// </summary>
/// <remarks>
/// The file is held while probes are attached. A live kernel leaves about a tenth of the pages private after detaching (patching.md
/// §1.3): its comparison is skipped where a page has an extra reference for the moment. The model has no such references and leaves none.
/// What an access through a breakpoint costs is not modelled.
/// </remarks>
public sealed class Uprobes : IMappingObserver
{
    private const byte Breakpoint = 0xcc;

    private readonly VmServices _vm;
    private readonly ProcessTable _processes;
    private readonly PrivateCopies _copies;

    private readonly List<UprobeLink> _links = [];

    internal Uprobes(VmServices vm, ProcessTable processes)
    {
        (_vm, _processes) = (vm, processes);
        _copies = new PrivateCopies(vm.Cache, vm.Pages);
    }

    /// <summary>What is attached, in the order of attaching.</summary>
    public IReadOnlyList<UprobeLink> Links => _links;

    /// <summary>New mappings in which probes could not be installed for want of memory; mmap(2) succeeds all the same, as in Linux.</summary>
    public long Missed { get; private set; }

    /// <summary>Attaches probes, all or none.</summary>
    /// <param name="by">Who calls and pays: a process of root's.</param>
    /// <param name="file">The file, open for reading.</param>
    /// <param name="set">One-byte breakpoints. A site where a process shows one already counts as installed.</param>
    /// <exception cref="PatchRefusedException">Entries whose old byte differs from the file's; all are listed.</exception>
    /// <exception cref="ReflinkException">EINVAL an entry that is no one-byte breakpoint, or a file of another size; EBADF; EPERM; ESRCH; ENOMEM; EIO.</exception>
    public UprobeLink Attach(Process by, OpenFile file, PatchSet set)
    {
        using var _ = by.EnterCall();
        PatchPermission.CheckRoot(by, "attach uprobes, which reach into all processes");
        Check(by, file, set);
        _vm.Meter.Count(WorkKind.ProbeRegistered, set.Count);
        var link = new UprobeLink(file.Inode, set);
        var fresh = Lone(link);
        var places = Places(link.Inode).ToList();
        if (!TryInstall(places, fresh, out var failure))
        {
            throw failure;
        }

        link.Inode.Users++;
        _links.Add(link);
        return link;
    }

    /// <summary>Detaches them. A probe that another link has too stays.</summary>
    /// <param name="by">Who calls and pays: a process of root's.</param>
    /// <param name="link">What <see cref="Attach"/> returned.</param>
    /// <exception cref="ReflinkException">EINVAL not attached; EPERM; ESRCH; ENOMEM or EIO: a process's page cannot come back from swap.</exception>
    public void Detach(Process by, UprobeLink link)
    {
        using var _ = by.EnterCall();
        PatchPermission.CheckRoot(by, "detach uprobes");
        if (!link.IsAttached)
        {
            throw new ReflinkException(Errno.EINVAL, $"{link} were detached already; attach them anew");
        }

        var last = Lone(link);
        var places = Places(link.Inode).ToList();
        Prepare(places, last);
        foreach (var (process, vma) in places)
        {
            _copies.Edit(process, vma, OverLevels(vma, last).Inverse());
            _copies.DropEqual(process, vma, last);
            _vm.Meter.Count(WorkKind.ProbeRemoved, CountIn(vma, last));
        }

        _vm.Meter.Count(WorkKind.ProbeRegistered, link.Set.Count);
        link.IsAttached = false;
        _links.Remove(link);
        _vm.Pages.Put(link.Inode);
    }

    /// <inheritdoc/>
    void IMappingObserver.Mapped(Process process, Vma vma)
    {
        if (vma.File is not { } file || !IsProbed(vma, file))
        {
            return;
        }

        var probes = new PatchSetBuilder();
        foreach (var link in _links.Where(l => l.Inode == file))
        {
            for (var i = 0; i < link.Set.Count; i++)
            {
                probes.Add(link.Set.Offset(i), link.Set.Old(i), link.Set.New(i));
            }
        }

        if (!TryInstall([(process, vma)], probes.Build(), out _))
        {
            Missed++;
        }
    }

    // Private mappings of the file that cannot be written to at the moment: valid_vma() in the kernel.
    private static bool IsProbed(Vma vma, Inode file) =>
        vma.File == file && !vma.IsShared && (vma.Protection & Protection.Write) == 0;

    private static long CountIn(Vma vma, PatchSet set)
    {
        var (start, end) = (vma.FileRange.Start.Offset, vma.FileRange.End.Offset);
        return set.FirstBehind(end) - set.FirstBehind(start);
    }

    private IEnumerable<(Process Process, Vma Vma)> Places(Inode file) => _processes.Alive.SelectMany(
        process => process.Memory.Mappings.Where(m => IsProbed(m, file)).Select(m => (process, m)));

    private void Check(Process by, OpenFile file, PatchSet set)
    {
        if (!file.CanRead)
        {
            throw new ReflinkException(Errno.EBADF, $"{file.Inode} is not open for reading");
        }

        for (var i = 0; i < set.Count; i++)
        {
            if (!set.New(i).SequenceEqual((ReadOnlySpan<byte>)[Breakpoint]))
            {
                throw new ReflinkException(Errno.EINVAL, $"{set[i].ToString()} of {set} is no one-byte breakpoint, and uprobes are nothing else");
            }
        }

        PatchChecker.CheckSize(set, file.Size);
        PatchChecker.Check(set, 0, file.Size, (offset, into) => _vm.Data.Read(file.Inode, offset, into, by.Group));
    }

    private void Fill(Process process, Vma vma, PatchSet set)
    {
        for (var part = new PatchCursor(set); !part.IsAtEnd; part.Advance())
        {
            if (vma.FileRange.Contains(part.Page) && !vma.IsFilled(part.Page, out _))
            {
                process.Memory.FillPrivate(vma, part.Page);
            }
        }
    }

    // Twice, as preparing one mapping may send what was prepared for another to the last place in swap.
    private void Prepare(List<(Process Process, Vma Vma)> places, PatchSet set)
    {
        foreach (var (process, vma) in places.Concat(places))
        {
            _copies.Prepare(process, vma, set);
        }
    }

    // In all places or in none.
    private bool TryInstall(
        List<(Process Process, Vma Vma)> places, PatchSet set, [NotNullWhen(false)] out ReflinkException? failure)
    {
        failure = null;
        try
        {
            places.ForEach(p => Fill(p.Process, p.Vma, set));
            Prepare(places, set);
        }
        catch (ReflinkException e)
        {
            // Pages that were copied for nothing go again.
            places.ForEach(p => _copies.DropEqual(p.Process, p.Vma, set));
            failure = e;
            return false;
        }

        foreach (var (process, vma) in places)
        {
            _copies.Edit(process, vma, OverLevels(vma, set));
            _vm.Meter.Count(WorkKind.ProbeInstalled, CountIn(vma, set));
        }

        return true;
    }

    // The probes that no other link has.
    private PatchSet Lone(UprobeLink link)
    {
        var lone = new PatchSetBuilder(link.Set.Target);
        var others = _links.Where(l => l != link && l.Inode == link.Inode).ToList();
        for (var i = 0; i < link.Set.Count; i++)
        {
            if (!others.Exists(l => l.Set.Has(link.Set[i])))
            {
                lone.Add(link.Set.Offset(i), link.Set.Old(i), link.Set.New(i), link.Set.Name(i));
            }
        }

        return lone.Build();
    }

    // A breakpoint goes over whatever shows below the private page, and gives way to what shows there then.
    private static PatchSet OverLevels(Vma vma, PatchSet set)
    {
        if (vma.Attachment is not PatchLevels levels)
        {
            return set;
        }

        var over = new PatchSetBuilder(set.Target);
        for (var i = 0; i < set.Count; i++)
        {
            byte[] beneath = [.. set.Old(i)];
            levels.Fold.WriteOver(set.Offset(i), beneath);
            over.Add(set.Offset(i), beneath, set.New(i), set.Name(i));
        }

        return over.Build();
    }
}

using System.Diagnostics.CodeAnalysis;
using Reflink.Files;
using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Patching.Levels;
using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching;

/// <summary>
/// Uprobes as in Linux (kernel/events/uprobes.c): breakpoints by file and offset, in every mapping of the file, present or future, of
/// every process. Each process gets private copies of the pages; when the last link to a probe is detached, copies that equal the
/// pages of the file again are dropped.
/// </summary>
/// <remarks>
/// The file is in use while probes are attached. A live kernel leaves about a tenth of the pages private after detaching, because it does
/// not compare a page that has an extra reference at that moment. The model has no such references and leaves none.
/// The first link that probes a site keeps the byte that it found there for all later links. If a process shows neither that byte nor what a
/// level lays over it, because the file or the process has changed it since, nothing is installed (Linux installs the probe anyway).
/// The cost of hitting a breakpoint is not modelled.
/// </remarks>
public sealed class Uprobes : IMappingObserver
{
    private const byte Breakpoint = 0xcc;

    private readonly ProcessTable _processes;
    private readonly PrivateCopies _copies;
    private readonly FileData _data;
    private readonly Metadata _metadata;
    private readonly Meter _meter;

    // Probed sites by file and offset: the byte that the first link found there, and the number of links.
    private readonly SortedDictionary<long, SortedDictionary<long, (byte Original, int Links)>> _sites = [];
    private readonly List<UprobeLink> _links = [];

    // The probed sites of a file as one set. Mappings are made often, probes change rarely: the set is cached.
    private readonly Dictionary<long, PatchSet> _probes = [];

    internal Uprobes(ProcessTable processes, PrivateCopies copies, FileData data, Metadata metadata, Meter meter) =>
        (_processes, _copies, _data, _metadata, _meter) = (processes, copies, data, metadata, meter);

    /// <summary>The attached links, in the order of attaching.</summary>
    public IReadOnlyList<UprobeLink> Links => _links;

    /// <summary>Mappings that lack probes because memory was short when the mapping was made or a level changed. That call succeeds, as mmap(2) does in Linux.</summary>
    public long Missed { get; private set; }

    /// <summary>Attaches probes, all or none.</summary>
    /// <param name="by">The process that calls and is charged: one of root.</param>
    /// <param name="file">The file, open for reading.</param>
    /// <param name="set">One-byte breakpoints. A site where a process already shows a breakpoint counts as installed.</param>
    /// <exception cref="PatchRefusedException">Entries whose old byte differs from the file's; all are listed.</exception>
    /// <exception cref="ReflinkException">EINVAL an entry that is no one-byte breakpoint, or a file of another size; EBADF; EPERM; ESRCH; ENOMEM; EIO.</exception>
    /// <example><code>
    /// var link = machine.Uprobes.Attach(process, file, set);
    /// machine.Uprobes.Detach(process, link);
    /// </code></example>
    public UprobeLink Attach(Process by, OpenFile file, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(set);
        using var _ = by.EnterCall();
        PatchPermission.CheckRoot(by, "attach uprobes, which reach into all processes");
        Check(by, file, set);
        _meter.Count(WorkKind.ProbeRegistered, set.Count);
        var link = new UprobeLink(file.Inode, set);
        var fresh = SitesHeldBy(link, 0);
        var places = Places(link.Inode, m => IsProbed(m, link.Inode));
        if (!TryInstall(places, fresh, out var failure))
        {
            throw failure;
        }

        AddToLinkCounts(link, 1);
        link.Inode.Users++;
        _links.Add(link);
        return link;
    }

    /// <summary>Detaches the probes of a link. A probe that another link has too stays.</summary>
    /// <param name="by">The process that calls and is charged: one of root.</param>
    /// <param name="link">The link that <see cref="Attach"/> returned.</param>
    /// <exception cref="ReflinkException">EINVAL not attached; EPERM; ESRCH; ENOMEM or EIO: a process's page cannot come back from swap.</exception>
    public void Detach(Process by, UprobeLink link)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(link);
        using var _ = by.EnterCall();
        PatchPermission.CheckRoot(by, "detach uprobes");
        if (!link.IsAttached)
        {
            throw new ReflinkException(Errno.EINVAL, $"{link} were detached already; attach them anew");
        }

        var last = SitesHeldBy(link, 1);
        var places = Places(link.Inode, _ => true);
        Prepare(places, last);
        foreach (var (process, vma) in places)
        {
            _copies.Edit(process, vma, OverLevels(vma, last).Inverse());
            _meter.Count(WorkKind.ProbeRemoved, CountIn(vma, last));
        }

        // Comparing allocates, so it must not run before all copies are edited: it could evict one of them.
        places.ForEach(p => _copies.DropEqual(p.Process, p.Vma, last));
        _meter.Count(WorkKind.ProbeRegistered, link.Set.Count);
        AddToLinkCounts(link, -1);
        link.IsAttached = false;
        _links.Remove(link);
        _metadata.Put(link.Inode);
    }

    /// <inheritdoc/>
    void IMappingObserver.Mapped(Process process, Vma vma)
    {
        if (vma.File is { } file && IsProbed(vma, file) && ProbesOf(file) is { Count: > 0 } probes
            && !TryInstall([(process, vma)], probes, out _))
        {
            Missed++;
        }
    }

    /// <summary>
    /// Called when the levels over a mapping have changed. Where a level removed its own breakpoint from a probed site, that breakpoint
    /// had counted as the probe, which is installed now.
    /// </summary>
    internal void OnLevelsChanged(Process process, Vma vma, PatchSet edits)
    {
        if (!IsProbed(vma, vma.File!) || ProbesOf(vma.File!) is not { Count: > 0 } probes)
        {
            return;
        }

        var uncovered = new PatchSetBuilder();
        for (var i = 0; i < edits.Count; i++)
        {
            var (start, end) = (edits.Offset(i), edits[i].End);
            for (var at = probes.FirstBehind(start); at < probes.Count && probes.Offset(at) < end; at++)
            {
                if (edits.Old(i)[(int)(probes.Offset(at) - start)] == Breakpoint)
                {
                    uncovered.Add(probes.Offset(at), probes.Old(at), probes.New(at));
                }
            }
        }

        if (uncovered.Count > 0 && !TryInstall([(process, vma)], uncovered.Build(), out _))
        {
            Missed++;
        }
    }

    // Breakpoints are installed only in mappings that are not writable, and removed from all mappings (valid_vma in the kernel).
    private static bool IsProbed(Vma vma, Inode file) =>
        vma.File == file && !vma.IsShared && (vma.Protection & Protection.Write) == 0;

    private static long CountIn(Vma vma, PatchSet set)
    {
        var (start, end) = (vma.FileRange.Start.Offset, vma.FileRange.End.Offset);
        return set.FirstBehind(end) - set.FirstBehind(start);
    }

    private PatchSet ProbesOf(Inode file)
    {
        if (!_sites.TryGetValue(file.Number.Value, out var sites))
        {
            return PatchSet.Empty;
        }

        if (!_probes.TryGetValue(file.Number.Value, out var probes))
        {
            var all = new PatchSetBuilder();
            foreach (var (offset, (original, _)) in sites)
            {
                all.Add(offset, [original], [Breakpoint]);
            }

            _probes.Add(file.Number.Value, probes = all.Build());
        }

        return probes;
    }

    private List<(Process Process, Vma Vma)> Places(Inode file, Predicate<Vma> isWanted) =>
    [
        .. _processes.Alive.SelectMany(process => process.Memory.Mappings
            .Where(m => m.File == file && !m.IsShared && isWanted(m)).Select(m => (process, m))),
    ];

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
        PatchChecker.Check(set, 0, file.Size, (offset, into) => _data.Read(file.Inode, offset, into, by.Group));
    }

    private void Fill(Process process, Vma vma, PatchSet set)
    {
        for (var part = new PatchCursor(set); !part.IsAtEnd; part.Advance())
        {
            if (vma.FileRange.Contains(part.Page) && part.Page.Value < vma.Base!.PageCount && !vma.IsFilled(part.Page, out _))
            {
                process.Memory.FillPrivate(vma, part.Page);
            }
        }
    }

    private void Prepare(List<(Process Process, Vma Vma)> places, PatchSet set) =>
        _copies.Prepare([.. places.Select(p => (p.Process, p.Vma, set))]);

    // Installs probes in all places or in none.
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
            // Pages that were copied in vain are dropped.
            places.ForEach(p => _copies.DropEqual(p.Process, p.Vma, set));
            failure = e;
            return false;
        }

        foreach (var (process, vma) in places)
        {
            _copies.Edit(process, vma, OverLevels(vma, set));
            _meter.Count(WorkKind.ProbeInstalled, CountIn(vma, set));
        }

        foreach (var (process, vma) in places.Where(p => p.Vma.Levels is PatchLevels))
        {
            // Where a level has a breakpoint of its own, no private copy is needed.
            _copies.DropEqual(process, vma, set);
        }

        return true;
    }

    // The sites of a link that are held by the given number of links.
    private PatchSet SitesHeldBy(UprobeLink link, int count)
    {
        var selected = new PatchSetBuilder(link.Set.Target);
        var sites = _sites.GetValueOrDefault(link.File.Value, []);
        for (var i = 0; i < link.Set.Count; i++)
        {
            var (original, others) = sites.GetValueOrDefault(link.Set.Offset(i), (link.Set.Old(i)[0], 0));
            if (others == count)
            {
                selected.Add(link.Set.Offset(i), [original], [Breakpoint], link.Set.Name(i));
            }
        }

        return selected.Build();
    }

    private void AddToLinkCounts(UprobeLink link, int step)
    {
        _probes.Remove(link.File.Value);
        _sites.TryAdd(link.File.Value, []);
        var sites = _sites[link.File.Value];
        for (var i = 0; i < link.Set.Count; i++)
        {
            var (original, links) = sites.GetValueOrDefault(link.Set.Offset(i), (link.Set.Old(i)[0], 0));
            sites[link.Set.Offset(i)] = (original, links + step);
            if (links + step == 0)
            {
                sites.Remove(link.Set.Offset(i));
            }
        }

        if (sites.Count == 0)
        {
            _sites.Remove(link.File.Value);
        }
    }

    // The old bytes are those that show beneath the private page: what the levels make of the file.
    private static PatchSet OverLevels(Vma vma, PatchSet set)
    {
        if (vma.Levels is not PatchLevels levels)
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

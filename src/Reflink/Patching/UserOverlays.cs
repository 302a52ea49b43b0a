using Reflink.Inodes;
using Reflink.Patching.Levels;
using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching;

/// <summary>
/// Per-user overlays of files: level 0 of all private executable mappings of the file in the processes of that user, present and
/// future. Fork and exec do not matter: every process of the user that maps the file sees the overlay.
/// </summary>
/// <remarks>
/// read(2) shows the file itself, and so do mappings that are not executable when they are made. If the file was rewritten so that the
/// overlay no longer fits, a new mapping shows the file as it is and is counted: as with the kernel's uprobe_mmap(), mmap(2) never fails
/// because of it.
/// </remarks>
public sealed class UserOverlays : IMappingObserver
{
    private readonly ProcessTable _processes;
    private readonly LevelChanger _changer;
    private readonly SortedDictionary<(int User, long File), (Inode File, IReadOnlyList<PatchSet> Sets)> _overlays = [];

    internal UserOverlays(ProcessTable processes, LevelChanger changer) => (_processes, _changer) = (processes, changer);

    /// <summary>Every overlay: the user, the file, and its sets from the bottom up. An overlay is dropped with its file.</summary>
    public IEnumerable<(UserId User, InodeNumber File, IReadOnlyList<PatchSet> Sets)> All => _overlays
        .Where(o => !IsGone(o.Value.File)).Select(o => (new UserId(o.Key.User), o.Value.File.Number, o.Value.Sets));

    /// <summary>Mappings that were made without the overlay, because it did not fit the file any more or because memory to check it was short.</summary>
    public long Misfits { get; private set; }

    /// <summary>Lays a set over a file for a user.</summary>
    /// <param name="by">The process that calls and is charged: one of the same user, or one of root.</param>
    /// <param name="user">The user who will see the set.</param>
    /// <param name="file">The file, open for reading.</param>
    /// <param name="set">File offsets, old and new bytes; it comes over the sets that the overlay has already.</param>
    /// <returns>How many mappings changed, and the bytes in them that stayed.</returns>
    /// <exception cref="PatchRefusedException">Entries whose old bytes differ; all are listed.</exception>
    /// <exception cref="OverlayRefusedException">EBUSY: sets that were poked into live mappings are in the way; all are listed.</exception>
    /// <exception cref="ReflinkException">EEXIST the set is there already; EINVAL a file of another size; EBADF; EPERM; ESRCH; ENOMEM; EIO.</exception>
    /// <example><code>
    /// var ann = machine.Processes.AddUser("ann");
    /// machine.Overlays.Apply(process, ann, file, set);    // in all of her mappings, present and future
    /// </code></example>
    public OverlayResult Apply(Process by, User user, OpenFile file, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(set);
        using var _ = Enter(by, user, file);
        var sets = SetsOf(user, file.Inode);
        if (IndexOf(sets, set) >= 0)
        {
            throw new ReflinkException(Errno.EEXIST, $"the overlay of {user.Name} on {file.Inode} has {set} already; revert it before it is applied again");
        }

        PatchChecker.CheckSize(set, file.Size);
        var added = NewLevel.Anywhere(sets.Count);
        _changer.Check(PatchLevels.None.WithOverlay([.. sets, set]), 0, added, file.Inode, by.Group);
        return Change(user, file.Inode, [.. sets, set], sets.Count, added, $"{set}, as an overlay of {user.Name},");
    }

    /// <summary>Takes a set out of an overlay.</summary>
    /// <param name="by">The process that calls and is charged: one of the same user, or one of root.</param>
    /// <param name="user">The user of the overlay.</param>
    /// <param name="file">The file.</param>
    /// <param name="set">The set to take out.</param>
    /// <exception cref="OverlayRefusedException">EBUSY: levels above depend on it; all are listed.</exception>
    /// <exception cref="ReflinkException">EBUSY another set of the overlay would not fit the file; EINVAL the set is not in the overlay; EBADF; EPERM; ESRCH; ENOMEM; EIO.</exception>
    public OverlayResult Revert(Process by, User user, OpenFile file, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(set);
        using var _ = Enter(by, user, file);
        var sets = SetsOf(user, file.Inode);
        var index = IndexOf(sets, set);
        if (index < 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"{set} is not in the overlay of {user.Name} on {file.Inode}; look at {nameof(All)}");
        }

        var rest = sets.Where((_, i) => i != index).ToList();
        _changer.Check(PatchLevels.None.WithOverlay(rest), index, null, file.Inode, by.Group);
        return Change(user, file.Inode, rest, index, null, $"taking {set} out of the overlay of {user.Name}");
    }

    /// <inheritdoc/>
    void IMappingObserver.Mapped(Process process, Vma vma)
    {
        if (vma.File is not { } file || !IsOverlaid(vma, file) || SetsOf(process.User, file) is not { Count: > 0 } sets)
        {
            return;
        }

        try
        {
            using var change = _changer.Plan(process, [vma], PatchLevels.None.WithOverlay(sets), 0, null);
            _changer.Commit([change]);
        }
        catch (ReflinkException)
        {
            Misfits++;
        }
    }

    private static bool IsOverlaid(Vma vma, Inode file) =>
        vma.File == file && !vma.IsShared && (vma.Levels is not null || (vma.Protection & Protection.Execute) != 0);

    private static int IndexOf(IEnumerable<PatchSet> sets, PatchSet set) => sets.ToList().FindIndex(s => s.Id == set.Id);

    private static MeterScope Enter(Process by, User user, OpenFile file)
    {
        var call = by.EnterCall();
        try
        {
            PatchPermission.Check(by, user, "the overlays");
            return file.CanRead ? call : throw new ReflinkException(Errno.EBADF, $"{file.Inode} is not open for reading");
        }
        catch (ReflinkException)
        {
            call.Dispose();
            throw;
        }
    }

    private IReadOnlyList<PatchSet> SetsOf(User user, Inode file) =>
        _overlays.TryGetValue((user.Id.Value, file.Number.Value), out var overlay) ? overlay.Sets : [];

    private static bool IsGone(Inode file) => file.Users == 0 && file.Links == 0;

    private OverlayResult Change(
        User user, Inode file, List<PatchSet> sets, int from, NewLevel? added, string what)
    {
        var changes = new List<LevelChange>();
        var shadowed = 0;
        try
        {
            PlanAll(changes, user, file, sets, from, added, what);
            shadowed = _changer.Commit(changes).Count;
        }
        finally
        {
            changes.ForEach(c => c.Dispose());
        }

        _overlays[(user.Id.Value, file.Number.Value)] = (file, sets);
        foreach (var key in _overlays.Where(o => o.Value.Sets.Count == 0 || IsGone(o.Value.File)).Select(o => o.Key).ToList())
        {
            _overlays.Remove(key);
        }

        return new OverlayResult(changes.Count, shadowed);
    }

    // Plans the change of every mapping. If one fails, the caller disposes the plans made before.
    private void PlanAll(
        List<LevelChange> changes, User user, Inode file, List<PatchSet> sets, int from, NewLevel? added, string what)
    {
        var conflicts = new List<OverlayConflict>();
        foreach (var process in _processes.Alive.Where(p => p.User == user))
        {
            foreach (var parts in Overlaid(process, file))
            {
                var before = PatchLevels.Of(parts[0].Levels);
                var levels = before.WithOverlay(sets);
                if (levels.Description == before.Description)
                {
                    continue;
                }

                // A mapping that was made when the overlay did not fit shows none of it, and does not have to show it now.
                var isNew = before.OverlayCount == 0;
                try
                {
                    changes.Add(_changer.Plan(process, parts, levels, isNew ? 0 : from, added));
                }
                catch (ReflinkException e) when (e.Error is Errno.EBUSY or Errno.EINVAL)
                {
                    if (!isNew || added is not null)
                    {
                        conflicts.Add(new OverlayConflict(process.Id, parts[0].Start.Address, e.Reason));
                    }
                }
            }
        }

        if (conflicts.Count > 0)
        {
            throw new OverlayRefusedException(what, conflicts);
        }
    }

    // The mappings of a file that the overlay shows in; the parts of a split mapping come together.
    private static IEnumerable<IReadOnlyList<Vma>> Overlaid(Process process, Inode file) => process.Memory.Mappings
        .Where(m => IsOverlaid(m, file))
        .GroupBy(m => (object?)m.Levels ?? m)
        .Select(parts => (IReadOnlyList<Vma>)[.. parts]);
}

using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Cache.Policies;
using Reflink.Files;
using Reflink.Files.Derived;
using Reflink.Files.Durable;
using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Ksm;
using Reflink.Ksm.Partitions;
using Reflink.Machines;
using Reflink.Patching;
using Reflink.Patching.Levels;
using Reflink.Space;
using Reflink.Store;
using Reflink.Store.Devices;
using Reflink.Store.Slots;
using Reflink.Vm;

namespace Reflink;

/// <summary>
/// One computer: a volume with reflinks, a page cache, physical memory, processes with mappings, and code patching. It is
/// deterministic, and for one thread; run many side by side.
/// </summary>
/// <example>
/// <code>
/// using var machine = new Machine(new MachineOptions { Memory = 64 &lt;&lt; 20 });
/// machine.Volume.Import("/usr/bin/true", "/true");
/// machine.Volume.Clone("/true", "/copy");
/// Console.WriteLine(machine.Snapshot());
/// </code>
/// </example>
public sealed class Machine : IDisposable
{
    private const long DefaultCapacity = 1L << 40;

    private readonly IPageStore _store;
    private readonly SimulatedClock _clock;
    private readonly IReadOnlyList<IDaemon> _daemons;

    /// <summary>Switches a machine on.</summary>
    /// <exception cref="ReflinkException">
    /// EINVAL: too little or too much memory, or a negative size; or the folder of <see cref="MachineOptions.Store"/> cannot be
    /// used (<see cref="FasterPageStore(StoreOptions)"/>).
    /// </exception>
    public Machine(MachineOptions? options = null)
    {
        Options = options ?? new MachineOptions();
        Options.Check();
        Meter = new Meter();
        Changes = new ChangeCounter();
        _clock = new SimulatedClock(Meter, Options.Costs);
        _clock.WaitUntil(Options.SwitchedOnTime);
        Disk = new Device(Options.Device, _clock);
        _store = Options.PageStore ?? (Options.Store is { } files ? new FasterPageStore(files) : new FasterPageStore());
        Cache = new PageCache(
            (int)(Options.Memory >> Page.Shift), Changes, Options.Keying == CacheKeying.Block ? FrameKey.Block : FrameKey.Page, Options.NumaNodes, Meter, _clock, Disk);
        Cache.Allocator.SetMarks(Options.MinFree >> Page.Shift, Options.WatermarkScale);
        Stored = new BlockStore(_store, Meter, Disk);

        Space = new BlockSpace((Options.VolumeCapacity ?? DefaultCapacity) >> Page.Shift, Changes);
        Reaper = new NodeReaper(Space);
        Inodes = new InodeTable(Space, Reaper);
        Stored.Naming = inode => InodePaths.Describe(Inodes, inode);
        RegisterBackings();
        var keying = MakeKeying();
        Metadata = new Metadata(Space, Reaper, Inodes, Cache, keying, Meter);
        Ledger = new Ledger(Space, Cache, keying, Metadata, Changes);
        Pages = new CopyOnWrite(Space, Cache, keying, Metadata, Ledger, Meter);
        var readahead = new FileReadahead(Cache, new ReadBatch(Cache, Stored), Options.ReadaheadPages);
        var data = new FileData(Pages, readahead, Cache, Metadata, Ledger, _clock, Meter);
        Recover();
        Volume = new Volume(Space, Inodes, Pages, Metadata, Ledger, Stored, data, _clock);

        Derived = new DerivedRegistry(Metadata, Ledger, Changes);
        Cache.Reclaimer.Register(Derived);
        var vm = MakeVm(data);
        Processes = new ProcessTable(vm);
        Cache.Allocator.OutOfMemory = Options.OutOfMemory == OutOfMemory.Kill ? Processes.Killer : null;
        var copies = new PrivateCopies(Cache, Pages, Ledger);
        Uprobes = new Uprobes(Processes, copies, data, Metadata, Meter);
        var changer = new LevelChanger(
            Derived, new PatchCompiler(Space), copies, data, Metadata, Meter, Uprobes.OnLevelsChanged, Options.SharingDomain);
        TextPoke = new TextPoke(changer);
        Overlays = new UserOverlays(Processes, changer);
        Ksm = new SamepageMerging(
            Processes, Space, Cache, Meter, Changes, new PartitionMaker(Cache, Ledger, Space, Changes, Meter, _clock, TimeOf));
        _daemons = [Ksm, Volume.Materializer, Cache.Allocator.Kswapd, Cache.Dirty, .. Cache.Dirty.Throttle is { } throttle ? [throttle.Flusher] : (IDaemon[])[]];
        Drops = new CacheDrops(Cache.Reclaimer);
        Control = new ControlFiles(MakeControlFiles);
        vm.Observers.AddRange([Ksm, Overlays, Uprobes]);
        vm.Lifecycle.Add(Ksm);
        vm.Advisers.Add(Ksm);
        SyncNewStore();
    }

    private VmServices MakeVm(FileData data) => new(Cache, Pages, Metadata, Ledger, data, Changes, Meter)
    {
        MapsZeroPage = Options.MapsZeroPage,
        References = Options.References,
        FaultAroundPages = (int)(Options.FaultAround >> Page.Shift),
        SwapBatch = new ReadBatch(Cache, Stored),
        ReadAround = Options.ReadAroundPages > 0 ? new FileReadahead(Cache, new ReadBatch(Cache, Stored), Options.ReadAroundPages) : null,
    };

    // The one place that asks by what the cache finds pages.
    private IKeying MakeKeying() => Options.Keying switch
    {
        CacheKeying.Inode => new ByInode(Inodes, Cache, Changes),
        CacheKeying.Content => new ByContent(Inodes, Cache, Changes),
        _ => new ByBlock(),
    };

    // Derived frames may have lists of their own, which are asked first: their bytes need no reading while the root is there.
    private void RegisterBackings()
    {
        var policy = MakePolicy();
        Cache.Register(new RecipeBacking(Space, Inodes, Cache, Stored, Meter), Options.RecipeAware ? MakePolicy() : policy);
        Cache.Register(new VolumeBacking(Stored), policy);
        Cache.Register(new SwapBacking(Stored, Options.Swap >> Page.Shift) { PageCluster = Options.PageCluster }, policy);
        if (Options.Dirty is { } limits)
        {
            Cache.Lists.Flusher = new Flusher(Cache, Meter, _clock) { Limits = limits };
            Cache.Dirty.Frames.Flusher = Cache.Lists.Flusher;
            Cache.Dirty.Throttle = new DirtyThrottle(Cache, Cache.Lists.Flusher, Disk);
        }
    }

    private IReplacementPolicy MakePolicy()
    {
        var policy = ReplacementPolicies.Create(Options.Policy, (int)(Options.Memory >> Page.Shift));
        if (policy is IAgingPolicy aging)
        {
            aging.Swappiness = Options.Swappiness;
        }

        return policy;
    }

    /// <summary>What the machine is made of.</summary>
    public MachineOptions Options { get; }

    /// <summary>The filesystem.</summary>
    public Volume Volume { get; }

    /// <summary>Processes and users.</summary>
    public ProcessTable Processes { get; }

    /// <summary>The text_poke() call.</summary>
    public TextPoke TextPoke { get; }

    /// <summary>Per-user overlays of files.</summary>
    public UserOverlays Overlays { get; }

    /// <summary>Breakpoints by file and offset, in all processes.</summary>
    public Uprobes Uprobes { get; }

    /// <summary>Samepage merging.</summary>
    public SamepageMerging Ksm { get; }

    /// <summary>Control files by their kernel paths.</summary>
    /// <example><code>
    /// machine.Control["/sys/kernel/mm/ksm/run"] = "1";
    /// var merged = machine.Control["/sys/kernel/mm/ksm/pages_sharing"];
    /// </code></example>
    public ControlFiles Control { get; }

    /// <summary>Derived inodes, in use and kept for the next user.</summary>
    internal DerivedRegistry Derived { get; }

    /// <summary>Physical memory and what is cached in it.</summary>
    public PageCache Cache { get; }

    /// <summary>Who did how much of what.</summary>
    public Meter Meter { get; }

    /// <summary>What happens, as it happens, under the names of the kernel's tracepoints; off, and at no cost, until somebody listens.</summary>
    public EventStream Events => Meter.Events;

    /// <summary>The simulated clock.</summary>
    public IClock Clock => _clock;

    /// <summary>Store reads and writes so far, in pages.</summary>
    public (long Reads, long Writes) StoreCalls => (_store.Reads, _store.Writes);

    /// <summary>How few free pages wake kswapd, and how few make those who need memory reclaim it.</summary>
    public Watermarks Watermarks => Cache.Allocator.Marks;

    /// <summary>The account of kswapd, whose work takes no time of others.</summary>
    public AccountId KswapdAccount => Cache.Allocator.Kswapd.Account;

    /// <summary>The account of the flusher, whose work takes no time of others; null without <see cref="MachineOptions.Dirty"/>.</summary>
    public AccountId? FlusherAccount => Cache.Dirty.Throttle?.Flusher.Account;

    /// <summary>How often those who dirtied pages paused because too many were dirty, and how long together, in nanoseconds (balance_dirty_pages).</summary>
    public (long Count, long Nanoseconds) DirtyPauses => (Cache.Dirty.Throttle?.Pauses ?? 0, Cache.Dirty.Throttle?.PausedTime ?? 0);

    /// <summary>How long the machine waited for its disk so far, in nanoseconds: for pages to be read, and for pages to be written. 0 where it takes no time (<see cref="MachineOptions.Device"/>).</summary>
    public (long ForReads, long ForWrites) DiskWaits => (Disk.ReadWait, Disk.WriteWait);

    /// <summary>What FASTER did to the store's files; a diagnostic, in no snapshot.</summary>
    public StoreDiagnostics StoreDiagnostics => _store is FasterPageStore store ? store.Diagnostics : default;

    internal FasterPageStore Store => (FasterPageStore)_store;

    internal BlockStore Stored { get; }

    internal Device Disk { get; }

    internal CacheDrops Drops { get; }

    internal ChangeCounter Changes { get; }

    internal BlockSpace Space { get; }

    internal NodeReaper Reaper { get; }

    internal InodeTable Inodes { get; }

    internal CopyOnWrite Pages { get; }

    internal Metadata Metadata { get; }

    internal Ledger Ledger { get; }

    // Recovery is not metered. The clock resumes at the time of the last sync.
    private void Recover()
    {
        if (_store is not IDurableStore { IsDurable: true } durable)
        {
            return;
        }

        try
        {
            _clock.WaitUntil(new VolumeRecovery(durable, Space, Inodes, Reaper).Run());
            Space.Capacity = Options.VolumeCapacity >> Page.Shift ?? Space.Capacity;
            Metadata.Journal = new VolumeJournal(durable, Space, Inodes);
        }
        catch (ReflinkException)
        {
            Dispose();
            throw;
        }
    }

    // A new store promises an empty volume from the first moment on.
    private void SyncNewStore()
    {
        if (_store is IDurableStore { IsDurable: true, RecoveredRecords.Count: 0 })
        {
            Volume.Sync();
        }
    }

    private IEnumerable<ControlFile> MakeControlFiles()
    {
        Cache.Frames.RequireOn();
        return VmControlFiles.Of(this).Concat(KsmControlFiles.Of(Ksm, Processes));
    }

    /// <summary>What an account's work cost, in nanoseconds.</summary>
    public long TimeOf(AccountId account)
    {
        var time = 0L;
        foreach (var kind in CostModel.Kinds)
        {
            time += Meter.Of(account, kind) * Options.Costs[kind].Nanoseconds;
        }

        return time;
    }

    /// <summary>Lets simulated time pass, in which daemons do their work.</summary>
    /// <exception cref="ReflinkException">EINVAL: a negative time.</exception>
    /// <example><code>
    /// machine.Wait(TimeSpan.FromSeconds(30));    // daemons such as ksmd run meanwhile
    /// </code></example>
    public void Wait(TimeSpan time)
    {
        Cache.Frames.RequireOn();
        Processes.Killer.EndKilled();
        if (time < TimeSpan.Zero)
        {
            throw new ReflinkException(Errno.EINVAL, $"cannot wait {time}; time only passes forward");
        }

        var end = checked(_clock.Now + (time.Ticks * TimeSpan.NanosecondsPerTick));
        while (_daemons.MinBy(d => d.NextWake ?? long.MaxValue) is { NextWake: { } wake } next && wake <= end)
        {
            _clock.WaitUntil(wake);
            next.Wake();
        }

        _clock.WaitUntil(end);
    }

    /// <summary>
    /// Writes dirty pages of files to the store and drops all clean ones that no process maps, as sync and drop_caches do; returns how many frames were
    /// dropped.
    /// </summary>
    /// <example><code>
    /// var dropped = machine.DropCaches();    // as: sync; echo 1 &gt; /proc/sys/vm/drop_caches
    /// </code></example>
    public int DropCaches()
    {
        Cache.Dirty.CleanAll();
        return Drops.DropPages();
    }

    /// <summary>Frees what waits to be freed in small steps, such as the trees of big files that were deleted.</summary>
    public void Settle()
    {
        Cache.Frames.RequireOn();
        Metadata.FreeAll();
    }

    /// <summary>The state of everything, to be read, compared and kept.</summary>
    /// <example><code>
    /// Console.WriteLine(machine.Snapshot().Only("extents", "frames"));
    /// </code></example>
    public Snapshot Snapshot()
    {
        Cache.Frames.RequireOn();
        return SnapshotWriter.Take(this, SnapshotScope.Everything);
    }

    /// <summary>The state of some files: their inodes, extents, frames and recipes, and the mappings that show them.</summary>
    /// <param name="paths">Their paths; symbolic links are followed.</param>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP: there is no such file.</exception>
    /// <example><code>
    /// Console.WriteLine(machine.SnapshotOf("/lib"));
    /// </code></example>
    public Snapshot SnapshotOf(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Cache.Frames.RequireOn();
        return SnapshotWriter.Take(this, SnapshotScope.Of(this, [.. paths.Select(Volume.Find)]));
    }

    /// <summary>The state of a process: its mappings, and the inodes, extents, frames and recipes that they show.</summary>
    /// <exception cref="ReflinkException">ESRCH: it has exited.</exception>
    public Snapshot SnapshotOf(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        if (!process.IsAlive)
        {
            throw new ReflinkException(Errno.ESRCH, $"{process} has exited, and nothing is left of its memory");
        }

        Cache.Frames.RequireOn();
        return SnapshotWriter.Take(this, SnapshotScope.Of(process));
    }

    /// <summary>The state of everything as counts by kind, owners and user: as short for a large machine as for a small one.</summary>
    /// <example><code>
    /// Console.WriteLine(machine.Summary());
    /// </code></example>
    public Snapshot Summary()
    {
        Cache.Frames.RequireOn();
        return SummaryWriter.Take(this);
    }

    /// <summary>How many entries lead to each frame, and with it the memory of processes as smaps shows it.</summary>
    public Smaps Smaps()
    {
        Cache.Frames.RequireOn();
        return new Smaps(Cache, new MapCounts(Processes, Cache), Space.IsMerged);
    }

    /// <summary>
    /// Switches the machine off, as a power cut does: its memory is gone, and of its store all that was not synced to a durable
    /// one (<see cref="StoreUse.Durable"/>, <see cref="Volume.Sync"/>). Using it afterwards, or
    /// what was kept of it (the volume, files, processes), throws <see cref="ObjectDisposedException"/>; closing a file does nothing.
    /// </summary>
    public void Dispose()
    {
        // No address space may go on reading where it read last.
        var end = default(Tick);
        Changes.Stamp(ref end, Rule.None);
        ((IDisposable)Cache).Dispose();
        _store.Dispose();
    }
}

namespace Reflink.Ksm.Controls;

/// <summary>
/// The settings of a merging domain, with the kernel's names, defaults and ranges (/sys/kernel/mm/ksm, Documentation/admin-guide/mm/ksm.rst).
/// A value out of range is <see cref="Errno.EINVAL"/> and changes nothing.
/// </summary>
public sealed class KsmTunables
{
    /// <summary>What <see cref="MaxPageSharing"/> is if nobody sets it.</summary>
    public const int UsualMaxPageSharing = 256;

    private uint _pagesToScan = 100;
    private int _maxPageSharing = UsualMaxPageSharing;
    private bool _mergeAcrossNodes = true;
    private AdvisorMode _advisorMode;
    private long _advisorTargetScanTime = 200;
    private uint _sleep = 20;

    internal KsmTunables()
    {
    }

    /// <summary>Pages that one wake of the scanner looks at; 100. Not to be set while the advisor does.</summary>
    public uint PagesToScan
    {
        get => _pagesToScan;
        set
        {
            if (_advisorMode != AdvisorMode.None)
            {
                throw Invalid("pages_to_scan", value, "the advisor sets it; set advisor_mode to none first");
            }

            _pagesToScan = value;
        }
    }

    /// <summary>Milliseconds between two wakes of the scanner; 20. A change wakes it.</summary>
    public uint SleepMilliseconds
    {
        get => _sleep;
        set
        {
            var changed = value != _sleep;
            _sleep = value;
            if (changed)
            {
                Woken?.Invoke();
            }
        }
    }

    /// <summary>How many mappings one merged page may have before another page of the same content is begun; 256, at least 2.</summary>
    /// <exception cref="ReflinkException">EINVAL; EBUSY while pages are merged.</exception>
    public int MaxPageSharing
    {
        get => _maxPageSharing;
        set
        {
            if (value < 2)
            {
                throw Invalid("max_page_sharing", value, "a merged page has two mappings at the least");
            }

            if (value != _maxPageSharing)
            {
                RequireNothingMerged("max_page_sharing");
                _maxPageSharing = value;
                Forget();
            }
        }
    }

    /// <summary>Whether pages of different NUMA nodes may be merged; true.</summary>
    /// <exception cref="ReflinkException">EBUSY while pages are merged.</exception>
    public bool MergeAcrossNodes
    {
        get => _mergeAcrossNodes;
        set
        {
            if (value != _mergeAcrossNodes)
            {
                RequireNothingMerged("merge_across_nodes");
                _mergeAcrossNodes = value;
                Forget();
            }
        }
    }

    /// <summary>How often a chain of merged pages of one content is pruned at most, in milliseconds; 2,000.</summary>
    public uint StableNodeChainsPruneMilliseconds { get; set; } = 2000;

    /// <summary>Whether empty pages become the zero page; false.</summary>
    public bool UseZeroPages { get; set; }

    /// <summary>Whether pages that did not merge are looked at less often (<see cref="Scanning.SmartScan"/>); true.</summary>
    public bool SmartScan { get; set; } = true;

    /// <summary>
    /// A repair that Linux does not have: the pages that smart scan skips longest are all looked at in the passes whose number is a
    /// multiple of nine. So any two equal pages that do not change meet, and none is looked at more often than without the repair
    /// (except once at the start). The price is uneven work, eight light passes and a full one; false.
    /// </summary>
    public bool AlignedSkips { get; set; }

    /// <summary>What sets <see cref="PagesToScan"/>; nothing.</summary>
    public AdvisorMode AdvisorMode
    {
        get => _advisorMode;
        set
        {
            if (value != _advisorMode)
            {
                _advisorMode = value;
                AdvisorChanged?.Invoke();
            }
        }
    }

    /// <summary>The advisor's limit of the scanner's share of a processor, in percent; 70. Not clamped, as in Linux.</summary>
    public ulong AdvisorMaxCpu { get; set; } = 70;

    /// <summary>What the advisor starts with; 500. It is no lower bound, as in Linux.</summary>
    public ulong AdvisorMinPagesToScan { get; set; } = 500;

    /// <summary>The most pages that the advisor sets; 30,000.</summary>
    public ulong AdvisorMaxPagesToScan { get; set; } = 30000;

    /// <summary>How long the advisor wants a pass to take, in seconds; 200, at least 1.</summary>
    public long AdvisorTargetScanTime
    {
        get => _advisorTargetScanTime;
        set => _advisorTargetScanTime = value >= 1 ? value : throw Invalid("advisor_target_scan_time", value, "a pass takes a second at the least");
    }

    /// <summary>
    /// A defence that Linux does not have (VUsion, SOSP 2017): pages without an equal are protected as merged pages are, so that a
    /// write takes equally long whether or not another page has the same bytes; false.
    /// </summary>
    public bool FakeMerging { get; set; }

    /// <summary>
    /// A defence that Linux does not have (VUsion, SOSP 2017): a merged page gets a new frame, so that no process chooses the frame in
    /// which the bytes of another end up; false. (VUsion picks the frame at random.)
    /// </summary>
    public bool FreshSurvivor { get; set; }

    internal Action? Woken { get; set; }

    internal Action? AdvisorChanged { get; set; }

    internal Func<bool> IsMerged { get; set; } = () => false;

    /// <summary>Drops what is known of merged pages: those that are gone, and empty chains.</summary>
    internal Action Forget { get; set; } = () => { };

    internal void Advise(uint pages) => _pagesToScan = pages;

    private static ReflinkException Invalid(string name, object value, string why) =>
        new(Errno.EINVAL, $"{name} cannot be {value}: {why}");

    private void RequireNothingMerged(string name)
    {
        if (IsMerged())
        {
            throw new ReflinkException(Errno.EBUSY, $"{name} cannot change while pages are merged; unmerge them first (run = 2)");
        }
    }
}

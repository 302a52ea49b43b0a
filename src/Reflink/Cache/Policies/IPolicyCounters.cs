namespace Reflink.Cache.Policies;

/// <summary>
/// A replacement policy that keeps counters of its own: lengths of lists, pages moved between them, pages that came back. A machine shows
/// them in /proc/vmstat. Those of several policies are added up, and they stand in place of what the machine counts under the same name: a policy
/// that looks at pages and keeps them counts pgscan itself.
/// </summary>
public interface IPolicyCounters
{
    /// <summary>How many pages the policy was given and has neither chosen nor lost since; fsck compares it with the frames that it has.</summary>
    long Pages { get; }

    /// <summary>How many pages the policy looked at so far to choose what leaves, those that stayed among them.</summary>
    long Scanned { get; }

    /// <summary>The counters as they are now, under the names of /proc/vmstat (mm/vmstat.c).</summary>
    IEnumerable<KernelCounter> Counters { get; }
}

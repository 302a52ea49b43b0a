namespace Reflink.Studies.Live;

/// <summary>What one mechanism cost on the running kernel: sums over all processes, after every one has loaded its patched memory.</summary>
public sealed record LiveFigures
{
    /// <summary>The mechanism, as comparisons call it.</summary>
    public required string Name { get; init; }

    /// <summary>Pss in KiB, as the smaps files say.</summary>
    public required long PssKiB { get; init; }

    /// <summary>Rss in KiB.</summary>
    public required long RssKiB { get; init; }

    /// <summary>Private_Dirty in KiB.</summary>
    public required long PrivateDirtyKiB { get; init; }

    /// <summary>Mappings of a process; the most, should they differ.</summary>
    public required long MappingsPerProcess { get; init; }

    /// <summary>Page faults of patching, and of loading all memory once after it.</summary>
    public required long Faults { get; init; }

    /// <summary>Processor time of that, in nanoseconds.</summary>
    public required long CallerNs { get; init; }

    /// <summary>Processor time of ksmd meanwhile, in nanoseconds, counted in ticks of 10 ms; null where it did not run.</summary>
    public required long? DaemonNs { get; init; }

    /// <summary>Bytes that were loaded and found as a flat copy has them.</summary>
    public required long ComparedBytes { get; init; }
}

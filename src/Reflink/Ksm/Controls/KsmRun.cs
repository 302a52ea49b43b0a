namespace Reflink.Ksm.Controls;

/// <summary>What the scanner does, by the kernel's numbers (run).</summary>
public enum KsmRun
{
    /// <summary>Nothing; what is merged stays merged.</summary>
    Stop = 0,

    /// <summary>It scans and merges.</summary>
    Merge = 1,

    /// <summary>Nothing; what was merged was unmerged and forgotten when this was set.</summary>
    Unmerge = 2,
}

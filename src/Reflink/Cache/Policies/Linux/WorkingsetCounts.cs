namespace Reflink.Cache.Policies.Linux;

/// <summary>How often pages of one kind came back after they had left.</summary>
internal sealed class WorkingsetCounts
{
    /// <summary>Pages that came back (workingset_refault_file, workingset_refault_anon).</summary>
    public long Refaults { get; set; }

    /// <summary>Pages that came back so soon that they began active (workingset_activate_file, workingset_activate_anon).</summary>
    public long Activations { get; set; }

    /// <summary>Those of them that had been active before (workingset_restore_file, workingset_restore_anon).</summary>
    public long Restores { get; set; }
}

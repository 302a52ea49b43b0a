namespace Reflink.Store.Disks;

/// <summary>What became of the manifest of a durable store. The commits tell as well whose folder it is; a manifest is only quicker read by people.</summary>
internal enum ManifestState
{
    /// <summary>It says twice what it must.</summary>
    Whole,

    /// <summary>It says so once.</summary>
    Damaged,

    /// <summary>It is missing, or a crash cut it off.</summary>
    Empty,

    /// <summary>It says something else.</summary>
    Unknown,
}

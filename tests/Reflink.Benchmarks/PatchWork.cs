namespace Reflink.Benchmarks;

/// <summary>What a <see cref="PatchWorker"/> is told to do; each is followed by the number of a set, and answered by a number.</summary>
internal enum PatchWork : byte
{
    /// <summary>Map the text and touch every page.</summary>
    Map,

    /// <summary>Write the new bytes of a set; answered by how many nanoseconds it took.</summary>
    Patch,

    /// <summary>Write the old bytes of a set; answered likewise.</summary>
    Revert,

    /// <summary>Answer how many of a set's bytes are not the new ones.</summary>
    CountNotNew,

    /// <summary>Answer how many of a set's bytes are not the old ones.</summary>
    CountNotOld,

    /// <summary>Drop the mapping and its private pages.</summary>
    Unmap,
}

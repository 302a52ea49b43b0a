namespace Reflink.Fidelity.Crash;

/// <summary>What is done to a disk.</summary>
internal enum DiskAct
{
    /// <summary>A file of zeroes was made.</summary>
    Create,

    /// <summary>Bytes were written.</summary>
    Write,

    /// <summary>A file was deleted.</summary>
    Delete,

    /// <summary>All before became durable.</summary>
    Flush,
}

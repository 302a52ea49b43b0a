namespace Reflink;

/// <summary>What a mapping allows, by the names of mmap(2).</summary>
[Flags]
public enum Protection
{
    /// <summary>Nothing (PROT_NONE).</summary>
    None = 0,

    /// <summary>Loads.</summary>
    Read = 1,

    /// <summary>Stores.</summary>
    Write = 2,

    /// <summary>Instruction fetches.</summary>
    Execute = 4,

    /// <summary>Data that changes.</summary>
    ReadWrite = Read | Write,

    /// <summary>Program text.</summary>
    ReadExecute = Read | Execute,
}

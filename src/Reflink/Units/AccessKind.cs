namespace Reflink.Units;

/// <summary>How a page is used: policies treat a read() and a mapped access differently, as Linux does.</summary>
public enum AccessKind
{
    /// <summary>A read() or its like.</summary>
    Read,

    /// <summary>A write() or its like.</summary>
    Write,

    /// <summary>A load through a mapping.</summary>
    Load,

    /// <summary>A store through a mapping.</summary>
    Store,

    /// <summary>A load through a mapping that may be executed (VM_EXEC).</summary>
    Execute,

    /// <summary>None: the page is read ahead, or only to be copied or compared.</summary>
    None,
}

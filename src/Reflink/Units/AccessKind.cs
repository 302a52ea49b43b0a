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

    /// <summary>None yet: the page is read before anybody asked for it.</summary>
    Readahead,
}

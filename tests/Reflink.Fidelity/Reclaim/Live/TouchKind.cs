namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>How a recorded access uses its page. The numbers are those in the files <c>kinds.SUITE.T</c>.</summary>
public enum TouchKind : byte
{
    /// <summary>pread of the whole page of the file.</summary>
    Read,

    /// <summary>pwrite of the whole page of the file.</summary>
    Write,

    /// <summary>A load through the shared mapping of the file.</summary>
    Load,

    /// <summary>A store through the shared mapping of the file.</summary>
    Store,

    /// <summary>A load from private anonymous memory.</summary>
    AnonymousLoad,

    /// <summary>A store to private anonymous memory.</summary>
    AnonymousStore,
}

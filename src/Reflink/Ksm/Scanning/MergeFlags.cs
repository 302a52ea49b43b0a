namespace Reflink.Ksm.Scanning;

/// <summary>How a range is merged on request.</summary>
[Flags]
public enum MergeFlags
{
    /// <summary>Pages without an equal are protected, as in the proposal of synchronous KSM: their next write copies them, and a later request finds them unchanged.</summary>
    None = 0,

    /// <summary>Pages without an equal stay writable and wait: no copy is wasted, but a page that was written meanwhile is only noticed when it is compared.</summary>
    Lazy = 1,
}

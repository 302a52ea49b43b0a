
namespace Reflink.Ksm.Scanning;

/// <summary>How a range is merged on request.</summary>
[Flags]
public enum MergeFlags
{
    /// <summary>Pages without an equal are protected, as in the proposal of synchronous KSM: their next write copies, and who comes next finds them unchanged.</summary>
    None = 0,

    /// <summary>Pages without an equal stay writable and wait: no copy is wasted, but what was written meanwhile is found out only when it is compared.</summary>
    Lazy = 1,
}

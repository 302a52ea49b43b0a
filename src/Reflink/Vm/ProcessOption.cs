namespace Reflink.Vm;

/// <summary>What prctl(2) sets and gets, by its numbers.</summary>
public enum ProcessOption
{
    /// <summary>Whether all private mappings, now and later, may have equal pages merged; inherited by fork and exec (PR_SET_MEMORY_MERGE).</summary>
    SetMemoryMerge = 67,

    /// <summary>The same, asked (PR_GET_MEMORY_MERGE).</summary>
    GetMemoryMerge = 68,
}

namespace Reflink.Ksm.Sets;

/// <summary>The set that a visited page is in.</summary>
internal enum ItemState : byte
{
    /// <summary>The page is in no set: it is new, has changed since the last visit, or was skipped.</summary>
    None,

    /// <summary>The page waits for an equal one, in this pass or still from the last one.</summary>
    Unstable,

    /// <summary>The page is mapped to a merged page.</summary>
    Stable,
}

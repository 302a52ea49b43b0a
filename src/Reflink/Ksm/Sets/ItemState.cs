
namespace Reflink.Ksm.Sets;

/// <summary>In which set a visited page stands.</summary>
internal enum ItemState : byte
{
    /// <summary>In none: new, changed since the last visit, or skipped.</summary>
    None,

    /// <summary>Among the pages that wait for an equal one, of this pass or left over from the last.</summary>
    Unstable,

    /// <summary>Mapped to a merged page.</summary>
    Stable,
}

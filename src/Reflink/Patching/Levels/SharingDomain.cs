
namespace Reflink.Patching.Levels;

/// <summary>
/// Who may share the pages that equal changes make. Sharing saves memory, and whoever shares can tell by timing that somebody
/// else has the same page: the same bargain as that of samepage merging.
/// </summary>
public enum SharingDomain
{
    /// <summary>All processes of the machine.</summary>
    Machine,

    /// <summary>The processes of one user.</summary>
    User,

    /// <summary>Nobody but the process itself and what it forks.</summary>
    None,
}

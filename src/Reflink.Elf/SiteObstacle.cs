namespace Reflink.Elf;

/// <summary>Why a site does not take a patch.</summary>
public enum SiteObstacle
{
    /// <summary>It is in no executable segment, or in none of the segment's sections of code.</summary>
    NoCode,

    /// <summary>A relocation writes its bytes when the program is loaded, so memory does not hold what the file does.</summary>
    Relocated,

    /// <summary>Its bytes are no instructions.</summary>
    Undecodable,

    /// <summary>The patch would be longer than what is left of the segment, the section or the function.</summary>
    TooShort,

    /// <summary>A direct branch leads to the middle of what would be replaced.</summary>
    BranchTarget,

    /// <summary>A call, a jump or a return is among what would be replaced.</summary>
    ControlFlow,

    /// <summary>The patch of another chosen site would be overlapped.</summary>
    Overlap,
}

namespace Reflink.Files;

/// <summary>How an extended attribute is set, by the names and bits of setxattr(2).</summary>
[Flags]
public enum AttributeFlags
{
    /// <summary>Made or replaced.</summary>
    None = 0,

    /// <summary>An error if it is there.</summary>
    Create = 1,

    /// <summary>An error if it is not there.</summary>
    Replace = 2,
}

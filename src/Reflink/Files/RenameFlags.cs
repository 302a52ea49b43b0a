namespace Reflink.Files;

/// <summary>How a file is renamed, by the names and bits of renameat2(2).</summary>
[Flags]
public enum RenameFlags
{
    /// <summary>What bears the new name is replaced.</summary>
    None = 0,

    /// <summary>An error if something bears the new name.</summary>
    NoReplace = 1,

    /// <summary>Both names change their files, which must be there.</summary>
    Exchange = 2,
}

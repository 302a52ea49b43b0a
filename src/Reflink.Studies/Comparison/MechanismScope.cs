namespace Reflink.Studies.Comparison;

/// <summary>Who runs patched code when one process asks for it.</summary>
public enum MechanismScope
{
    /// <summary>Whoever has that mapping: the change is a property of the mapping.</summary>
    Mapping,

    /// <summary>The process: its own pages were changed.</summary>
    Process,

    /// <summary>All processes of its user.</summary>
    User,

    /// <summary>Everyone who maps the file.</summary>
    System,
}

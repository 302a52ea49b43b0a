namespace Reflink.Inodes;

/// <summary>What a <see cref="Change"/> does; the factory of the same name says it, and the journal writes the number.</summary>
internal enum ChangeKind
{
    /// <summary><see cref="Change.Create"/>.</summary>
    Create,

    /// <summary><see cref="Change.Remove"/>.</summary>
    Remove,

    /// <summary><see cref="Change.Link"/>.</summary>
    Link,

    /// <summary><see cref="Change.Unlink"/>.</summary>
    Unlink,

    /// <summary><see cref="Change.SetTarget"/>.</summary>
    SetTarget,

    /// <summary><see cref="Change.SetSize"/>.</summary>
    SetSize,

    /// <summary><see cref="Change.SetOwner"/>.</summary>
    SetOwner,

    /// <summary><see cref="Change.SetModified"/>.</summary>
    SetModified,

    /// <summary><see cref="Change.SetFlags"/>.</summary>
    SetFlags,

    /// <summary><see cref="Change.SetAttribute"/>.</summary>
    SetAttribute,

    /// <summary><see cref="Change.RemoveAttribute"/>.</summary>
    RemoveAttribute,

    /// <summary><see cref="Change.Modified"/>.</summary>
    Modified,

    /// <summary><see cref="Change.AttributesChanged"/>.</summary>
    AttributesChanged,

    /// <summary><see cref="Change.Map"/>.</summary>
    Map,

    /// <summary><see cref="Change.Unmap"/>.</summary>
    Unmap,

    /// <summary><see cref="Change.CloneFrom"/>.</summary>
    CloneFrom,

    /// <summary><see cref="Change.Collapse"/>.</summary>
    Collapse,

    /// <summary><see cref="Change.Insert"/>.</summary>
    Insert,

    /// <summary><see cref="Change.SetAccessed"/>.</summary>
    SetAccessed,
}

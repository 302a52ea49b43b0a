namespace Reflink.Studies.Experiments;

/// <summary>What a frame holds, for maps and charts of memory.</summary>
public enum FrameKind
{
    /// <summary>A page of one file.</summary>
    File,

    /// <summary>A page that several files, or a file and its clone, have in common.</summary>
    Shared,

    /// <summary>A page that was made from a description of changes: patched, or of a derived file.</summary>
    Derived,

    /// <summary>A page of processes alone: anonymous memory, or a copy that a process made by writing.</summary>
    Private,

    /// <summary>Equal pages that samepage merging made one.</summary>
    Merged,

    /// <summary>A page that no file and no process leads to any longer, such as one of a version that a derived file was made from.</summary>
    Unowned,
}

namespace Reflink.IO.Abstractions.Calls;

/// <summary>Which entries a listing has.</summary>
internal enum EntryKinds
{
    /// <summary>All that are no directories.</summary>
    Files,

    /// <summary>Directories, and links to directories.</summary>
    Directories,

    /// <summary>All.</summary>
    Both,
}

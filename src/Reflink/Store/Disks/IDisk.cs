namespace Reflink.Store.Disks;

/// <summary>
/// Where a store on files keeps them. A reader sees what was written at once; that it outlasts a crash is certain once a
/// <see cref="Flush"/> begun afterwards has returned. Until then a write may be lost, in whole or from any sector on, whatever
/// became of those around it; and a file that was deleted may come back.
/// </summary>
/// <remarks>Failures are those of System.IO: <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</remarks>
internal interface IDisk : IDisposable
{
    /// <summary>Whose files these are, for messages.</summary>
    string Place { get; }

    /// <summary>The file that says whose folder this is; empty in a new one. The disk disposes of it.</summary>
    IDiskFile Manifest { get; }

    /// <summary>The names of all other files.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Makes a file of the given number of zero bytes, whose space is allocated. There must be none of that name.</summary>
    IDiskFile Create(string name, long size);

    /// <summary>Opens a file.</summary>
    IDiskFile Open(string name);

    /// <summary>Deletes a file, if that can be done.</summary>
    void Delete(string name);

    /// <summary>Makes all that was written so far outlast a crash.</summary>
    void Flush();
}

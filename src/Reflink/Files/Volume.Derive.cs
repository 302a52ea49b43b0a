using Reflink.Descriptions;
using Reflink.Descriptions.Content;
using Reflink.Files;
using Reflink.Inodes;

namespace Reflink;

/// <content>Files that are made from descriptions.</content>
public sealed partial class Volume
{
    /// <summary>
    /// Makes a file as a description says. It exists at once and costs its description: pages that are a base's are the base's blocks, and
    /// pages that are changed are made when they are first touched, dropped when memory is short, and made again. The bases may be
    /// changed or deleted afterwards.
    /// </summary>
    /// <param name="description">The changes.</param>
    /// <param name="path">The new file; it gets the permissions of the first base.</param>
    /// <param name="bases">The paths of the bases, in the order of <see cref="ChangeDescription.Bases"/>; by default their names in the description.</param>
    /// <returns>The new file's inode.</returns>
    /// <exception cref="BaseMismatchException">ESTALE: a base is not the version that the description was made for, with the first offset that differs.</exception>
    /// <exception cref="ReflinkException">
    /// EEXIST and others for the new name; ENOENT and others for a base; EINVAL: a base is no regular file or has no name; ENOSPC, ENOMEM or EIO.
    /// Nothing has changed.
    /// </exception>
    /// <example>
    /// <code>
    /// var changes = new ChangeDescription.Builder(new Reflink.Descriptions.DescribedBase(file.Size, "/lib")).Write(0x1000, [0xcc]).Build();
    /// machine.Volume.Derive(changes, "/lib-traced");
    /// </code>
    /// </example>
    public Inode Derive(ChangeDescription description, string path, params IReadOnlyList<string> bases)
    {
        ArgumentNullException.ThrowIfNull(bases);
        ArgumentNullException.ThrowIfNull(description);
        _ = NewName(path, InodeType.Regular);
        var files = FindBases(description, bases);
        description.Check([.. files.Select(f => new FileSource(f, Data, default))]);
        using var made = OpenTemporary(OpenFlags.ReadWrite, files.Length > 0 ? files[0].Mode : FileModes.File);
        _maker.Fill(made.Inode, description, files, made.Group);
        Data.Touch(made.Inode);
        Link(made, path);
        return made.Inode;
    }

    /// <summary>The bytes of a file, to be described, compared or hashed.</summary>
    /// <exception cref="ReflinkException">ENOENT, ENOTDIR, ELOOP; EISDIR or EINVAL: it is no regular file.</exception>
    public ByteSource SourceOf(string path) => new FileSource(RegularFile(path), Data, default);

    /// <summary>Gives a file blocks of its own in place of those that are made on demand, so that it depends on no other.</summary>
    /// <param name="path">The file.</param>
    /// <returns>How many pages were made.</returns>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, EPERM; ENOSPC: nothing has changed. ENOMEM, EIO: pages made before stay made.</exception>
    public int Materialize(string path)
    {
        using var file = Open(path, OpenFlags.ReadWrite);
        return Materializer.Do(file.Inode);
    }

    /// <summary>
    /// As <see cref="Materialize"/>, but some pages at a time while simulated time passes (<c>Machine.Wait</c>). A file that there is no room or
    /// memory for, or whose base is damaged, is left as it is then.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, EPERM.</exception>
    public void MaterializeLater(string path)
    {
        using var file = Open(path, OpenFlags.ReadWrite);
        Materializer.Add(file.Inode);
    }

    private Inode[] FindBases(ChangeDescription description, IReadOnlyList<string> bases)
    {
        if (bases.Count > 0 && bases.Count != description.Bases.Count)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"the description has {description.Bases.Count} bases and {bases.Count} paths were given; give one for each, or none to take the names in the description");
        }

        return [.. description.Bases.Select((b, i) => RegularFile(bases.Count > 0 ? bases[i] : b.Name ?? throw new ReflinkException(
            Errno.EINVAL, $"base {i} of the description has no name; say which file it is")))];
    }

    private Inode RegularFile(string path) => _walker.Find(path) is { IsRegular: true } inode ? inode : throw new ReflinkException(
        _walker.Find(path).IsDirectory ? Errno.EISDIR : Errno.EINVAL, $"'{path}' is no regular file; name one");
}

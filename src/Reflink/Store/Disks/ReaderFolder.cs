using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reflink.Store.Disks;

/// <summary>
/// The folder of a durable store for one who only reads, as it was at its last commit, whatever a writer does meanwhile. Nothing is locked. All
/// files are opened at once, and again if a commit ended meanwhile; a writer never changes what a commit needs, and what it deletes stays
/// readable for those who have it open.
/// <code>
///   commits are read ──▶ every file is opened ──▶ commits are read again: the same ──▶ that is what there is
///          ▲                                                    │ others
///          └────────────────── all are closed ──────────────────┘
/// </code>
/// </summary>
internal sealed partial class ReaderFolder : IDisk
{
    private const int CloseOnExec = 0x80000;

    private readonly Dictionary<string, IDiskFile> _files = [];

    private ReaderFolder(string path) => Place = path;

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public IDiskFile Manifest { get; private set; } = new BytesFile([]);

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [.. _files.Keys];

    /// <summary>Opens the folder.</summary>
    /// <exception cref="ReflinkException">See <see cref="FasterPageStore(StoreOptions)"/>.</exception>
    public static ReaderFolder At(string path)
    {
        var folder = new ReaderFolder(System.IO.Path.GetFullPath(path));
        try
        {
            while (!folder.TryOpenAll())
            {
                folder.Dispose();
            }

            return folder;
        }
        catch (Exception e) when (StoreErrors.IsOfFiles(e))
        {
            folder.Dispose();
            throw StoreErrors.Describe(folder.Place, e, "cannot be read");
        }
    }

    /// <inheritdoc/>
    public IDiskFile Create(string name, long size) => throw new InvariantException($"a reader makes {name}");

    /// <inheritdoc/>
    public IDiskFile Open(string name) => _files[name];

    /// <summary>Leaves the file to those who write.</summary>
    public void Delete(string name)
    {
    }

    /// <inheritdoc/>
    public void Flush()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }

        _files.Clear();
    }

    private bool TryOpenAll()
    {
        var commits = BytesOf(StoreFiles.Commits);
        Manifest = new BytesFile(BytesOf(StoreFiles.Manifest) ?? []);
        foreach (var name in Directory.GetFiles(Place).Select(f => System.IO.Path.GetFileName(f)!).Where(n => n != StoreFiles.Commits && StoreFiles.IsOne(n)))
        {
            try
            {
                _files.Add(name, new FolderFile(File.OpenHandle(System.IO.Path.Combine(Place, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), FileAccess.Read));
            }
            catch (FileNotFoundException)
            {
                // Deleted since it was listed; if the last commit needs it, another has ended.
            }
        }

        if (commits is not null)
        {
            _files.Add(StoreFiles.Commits, new BytesFile(commits));
        }

        return BytesOf(StoreFiles.Commits).AsSpan().SequenceEqual(commits);
    }

    // System.IO locks what it opens, and the manifest is the writer's lock.
    private byte[]? BytesOf(string name)
    {
        var path = System.IO.Path.Combine(Place, name);
        if (!OperatingSystem.IsLinux() && !File.Exists(path))
        {
            return null;
        }

        using var handle = OperatingSystem.IsLinux() ? OpenFile(path, CloseOnExec)
            : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (handle.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            return error == (int)Errno.ENOENT ? null
                : throw (error == (int)Errno.EACCES ? new UnauthorizedAccessException($"'{path}' may not be read") : new IOException(Marshal.GetPInvokeErrorMessage(error), error));
        }

        var bytes = new byte[RandomAccess.GetLength(handle)];
        return bytes[..RandomAccess.Read(handle, bytes, 0)];
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);
}

using System.Text;

namespace Reflink.Store.Disks;

/// <summary>
/// The folder of a page store for the only one who writes: a manifest, which says whose folder it is and is locked meanwhile, and the store's
/// files. Nothing that is not ours is ever deleted or written over.
/// </summary>
internal sealed class StoreFolder : IDisk
{
    /// <summary>What the manifest says of a folder whose pages are deleted when a store opens it.</summary>
    public const string ScratchManifest = "Reflink page store, version 1\n";

    private readonly string _path;
    private readonly FolderFile _manifest;
    private readonly List<FolderFile> _files = [];

    private StoreFolder(string path, FolderFile manifest) => (_path, _manifest) = (path, manifest);

    /// <inheritdoc/>
    public string Place => _path;

    /// <inheritdoc/>
    public IDiskFile Manifest => _manifest;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => !Directory.Exists(_path) ? [] : [.. Directory.GetFiles(_path).Select(f => Path.GetFileName(f)!).Where(StoreFiles.IsOne)];

    /// <summary>Makes the folder or takes it over, and deletes what an earlier run left where that is scratch.</summary>
    /// <exception cref="ReflinkException">See <see cref="FasterPageStore(StoreOptions)"/>.</exception>
    public static StoreFolder Open(string path, StoreUse use)
    {
        path = Path.GetFullPath(path);
        StoreFolder? folder = null;
        try
        {
            Directory.CreateDirectory(path);
            CheckForeign(path);
            folder = new StoreFolder(path, OpenManifest(path));
            if (use == StoreUse.Scratch)
            {
                folder.ClaimForScratch();
            }

            return folder;
        }
        catch (Exception e) when (StoreErrors.IsOfFiles(e))
        {
            folder?.Dispose();
            throw StoreErrors.Describe(path, e, "cannot be used");
        }
        catch (ReflinkException)
        {
            folder?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IDiskFile Create(string name, long size) => Keep(new FolderFile(File.OpenHandle(
        Path.Combine(_path, name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, preallocationSize: size)));

    /// <inheritdoc/>
    public IDiskFile Open(string name) => Keep(new FolderFile(File.OpenHandle(
        Path.Combine(_path, name), FileMode.Open, FileAccess.ReadWrite, FileShare.Read)));

    /// <inheritdoc/>
    public void Delete(string name)
    {
        try
        {
            File.Delete(Path.Combine(_path, name));
        }
        catch (Exception e) when (StoreErrors.IsOfFiles(e))
        {
            // The folder went away or became read-only below us: there is nobody to tell, and nothing to be done.
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _files.RemoveAll(f => !f.IsOpen);
        foreach (var file in _files)
        {
            file.Flush();
        }

        _manifest.Flush();
    }

    /// <summary>Lets others have the folder. The manifest stays: a lock on a file that is gone would keep nobody out.</summary>
    public void Dispose() => _manifest.Dispose();

    private FolderFile Keep(FolderFile file)
    {
        _files.Add(file);
        return file;
    }

    // By flock(2): readers lock nothing (ReaderFolder).
    private static FolderFile OpenManifest(string path) => new(File.OpenHandle(
        Path.Combine(path, StoreFiles.Manifest), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    private static void CheckForeign(string path)
    {
        var isOurs = File.Exists(Path.Combine(path, StoreFiles.Manifest)) || File.Exists(Path.Combine(path, StoreFiles.Commits));
        var foreign = Directory.EnumerateFileSystemEntries(path).Select(f => Path.GetFileName(f)!)
            .Where(f => !isOurs || (f != StoreFiles.Manifest && !StoreFiles.IsOne(f)))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        if (foreign is not null)
        {
            throw new ReflinkException(
                Errno.ENOTEMPTY, $"the folder {path} has {foreign}, which is not of a page store; give the store a folder of its own");
        }
    }

    // A run that crashed at once may have left the manifest empty, but then there are no pages.
    private void ClaimForScratch()
    {
        if (_manifest.Length == 0 && Names.Count == 0)
        {
            _manifest.Write(0, Encoding.ASCII.GetBytes(ScratchManifest));
        }

        StoreFiles.CheckManifest(this, ScratchManifest);
        foreach (var name in Names)
        {
            File.Delete(Path.Combine(_path, name));
        }
    }
}

using System.Text;
using Reflink.Units;

namespace Reflink.Store;

/// <summary>
/// The folder of a page store: a manifest, which says whose folder it is and is locked while it is in use, and files of pages.
/// Nothing that is not ours is ever deleted or written over.
/// </summary>
internal sealed class StoreFolder : IDisposable
{
    private const string ManifestName = "reflink-store";
    private const string Manifest = "Reflink page store, version 1\n";
    private const string PageFileName = "pages";

    // What .NET hands on of errno(3), which it names nowhere.
    private const int WouldBlock = 11;
    private const int Exists = 17;
    private const int NotADirectory = 20;
    private const int DiskFull = 28;
    private const int NoPreallocation = unchecked((int)0x80131620);
    private const int ReadOnlyDisk = 30;
    private const int QuotaExceeded = 122;

    private readonly string _path;
    private readonly FileStream _manifest;

    private StoreFolder(string path, FileStream manifest) => (_path, _manifest) = (path, manifest);

    /// <summary>What the names of page files begin with; a dot and a number follow.</summary>
    public string PageFiles => Path.Combine(_path, PageFileName);

    /// <summary>Makes the folder or takes it over, and deletes the pages that an earlier run left.</summary>
    /// <exception cref="ReflinkException">See <see cref="FasterPageStore(StoreOptions)"/>.</exception>
    public static StoreFolder Open(string path)
    {
        path = Path.GetFullPath(path);
        FileStream? manifest = null;
        try
        {
            Directory.CreateDirectory(path);
            CheckForeign(path);
            manifest = new FileStream(Path.Combine(path, ManifestName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            CheckVersion(path, manifest);
            foreach (var file in Directory.GetFiles(path).Where(IsPageFile))
            {
                File.Delete(file);
            }

            return new StoreFolder(path, manifest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            manifest?.Dispose();
            throw Describe(path, e, "cannot be used");
        }
        catch (ReflinkException)
        {
            manifest?.Dispose();
            throw;
        }
    }

    /// <summary>What went wrong with a file in the folder, in our words.</summary>
    public ReflinkException Describe(Exception e, string what) => Describe(_path, e, what);

    /// <summary>Deletes a file, if the folder lets us; what stays is deleted when a store opens the folder next.</summary>
    public void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder went away or became read-only below us: there is nobody to tell, and nothing to be done.
        }
    }

    /// <summary>Lets others have the folder. The manifest stays: a lock on a file that is gone would keep nobody out.</summary>
    public void Dispose() => _manifest.Dispose();

    private static void CheckForeign(string path)
    {
        var isOurs = File.Exists(Path.Combine(path, ManifestName));
        var foreign = Directory.EnumerateFileSystemEntries(path).Where(f => !isOurs || (Path.GetFileName(f) != ManifestName && !IsPageFile(f)))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        if (foreign is not null)
        {
            throw new ReflinkException(
                Errno.ENOTEMPTY, $"the folder {path} has {Path.GetFileName(foreign)}, which is not of a page store; give the store a folder of its own");
        }
    }

    private static void CheckVersion(string path, FileStream manifest)
    {
        var bytes = new byte[Encoding.ASCII.GetByteCount(Manifest)];
        var length = manifest.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

        // A run that crashed at once may have left it empty, but then there are no pages.
        if (length == 0 && !Directory.EnumerateFiles(path).Any(IsPageFile))
        {
            manifest.Write(Encoding.ASCII.GetBytes(Manifest));
            manifest.Flush();
        }
        else if (manifest.Length != bytes.Length || Encoding.ASCII.GetString(bytes) != Manifest)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"the folder {path} has the page store of another version of Reflink, or a damaged one; delete it, or give the store another folder");
        }
    }

    private static bool IsPageFile(string path) =>
        Path.GetFileName(path).Split('.') is [PageFileName, { Length: > 0 } number] && number.All(char.IsAsciiDigit);

    private static ReflinkException Describe(string path, Exception e, string what)
    {
        var (error, remedy) = e switch
        {
            { HResult: DiskFull or QuotaExceeded or NoPreallocation } => (Errno.ENOSPC, "free some space on that disk"),
            { HResult: WouldBlock } => (Errno.EBUSY, "another store uses the folder; give each a folder of its own"),
            { HResult: Exists or NotADirectory } => (Errno.ENOTDIR, "name a folder"),
            UnauthorizedAccessException or { HResult: ReadOnlyDisk } => (Errno.EACCES, "give the store a folder that can be written"),
            DirectoryNotFoundException or FileNotFoundException => (Errno.ENOENT, "name a folder whose parent can hold it, and leave it alone while the store uses it"),
            _ => (Errno.EIO, "give the store another folder"),
        };
        return new ReflinkException(error, $"the page store in {path} {what}: {e.Message}; {remedy}", e);
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Reflink.Units;

namespace Reflink.Fidelity.Filesystems;

/// <summary>A mounted filesystem of the running kernel, called by path.</summary>
public sealed partial class LivePaths(string mount) : IPathDriver
{
    // fcntl.h on x86-64.
    private const int WriteOnly = 1;
    private const int ReadWrite = 2;
    private const int Creat = 0x40;
    private const int Excl = 0x80;
    private const int Directory = 0x10000;
    private const int NoFollow = 0x20000;
    private const int PathOnly = 0x200000;
    private const int AtCwd = -100;
    private const int NoFollowLast = 0x100;

    /// <inheritdoc/>
    public string Do(in PathCall call)
    {
        var (path, other) = (mount + call.Path, mount + call.Other);
        return call.Verb switch
        {
            PathVerb.Read => Opened(path, 0, Reading),
            PathVerb.Write => Opened(path, WriteOnly, _ => ""),
            PathVerb.Create => Opened(path, ReadWrite | Creat, _ => ""),
            PathVerb.CreateNew => Opened(path, ReadWrite | Creat | Excl, _ => ""),
            PathVerb.List => Opened(path, Directory, _ => ""),
            PathVerb.Stat => Opened(path, PathOnly, NameOf),
            PathVerb.StatLink => Opened(path, PathOnly | NoFollow, NameOf),
            PathVerb.ReadLink => Link(path),
            PathVerb.SetMode => Answer(SetMode(path, 0x1ED)),
            PathVerb.MakeDirectory => Answer(MakeDirectory(path, 0x1ED)),
            PathVerb.RemoveDirectory => Answer(RemoveDirectory(path)),
            PathVerb.Unlink => Answer(Unlink(path)),
            PathVerb.MakeLink => Answer(MakeLink(call.Other, path)),
            PathVerb.Link => Answer(LinkTo(path, other)),
            PathVerb.Rename => Answer(Rename(AtCwd, path, AtCwd, other, 0)),
            PathVerb.RenameNoReplace => Answer(Rename(AtCwd, path, AtCwd, other, 1)),
            _ => Answer(Rename(AtCwd, path, AtCwd, other, 2)),
        };
    }

    /// <inheritdoc/>
    public string List() => string.Join(' ', Entries(new DirectoryInfo(mount)).Select(file =>
        file.LinkTarget is { } target ? $"{file.FullName[mount.Length..]}->{target}"
        : $"{file.FullName[mount.Length..]}:{(file is DirectoryInfo ? "d" : "f")}{Statx(file.FullName, NoFollowLast).Links}").Order(StringComparer.Ordinal));

    /// <inheritdoc/>
    public void Reset()
    {
        Dispose();
        foreach (var call in PathCall.Tree)
        {
            _ = Do(call);
        }
    }

    /// <summary>Empties the filesystem.</summary>
    public void Dispose()
    {
        foreach (var file in new DirectoryInfo(mount).EnumerateFileSystemInfos())
        {
            if (file is DirectoryInfo { LinkTarget: null } directory)
            {
                directory.Delete(recursive: true);
            }
            else
            {
                file.Delete();
            }
        }
    }

    // Links to directories are entries, not ways.
    private static IEnumerable<FileSystemInfo> Entries(DirectoryInfo directory) => directory.EnumerateFileSystemInfos().SelectMany(file =>
        file is DirectoryInfo { LinkTarget: null } below ? Entries(below).Prepend(file) : [file]);

    private static string Answer(int result) => result >= 0 ? "" : ((Errno)Marshal.GetLastPInvokeError()).ToString();

    private static string Opened(string path, int flags, Func<int, string> then)
    {
        var file = Open(path, flags, 0x1A4);
        if (file < 0)
        {
            return Answer(file);
        }

        var answer = then(file);
        _ = Close(file);
        return answer;
    }

    private static string Reading(int file) => Answer((int)ReadFrom(file, new byte[1], 1));

    private string NameOf(int file)
    {
        var inode = Statx($"/proc/self/fd/{file}", 0).Inode;
        return Entries(new DirectoryInfo(mount)).Where(e => Statx(e.FullName, NoFollowLast).Inode == inode).Select(e => e.FullName[mount.Length..])
            .Order(StringComparer.Ordinal).FirstOrDefault("/");
    }

    private static string Link(string path)
    {
        var bytes = new byte[4096];
        var length = (int)ReadLink(path, bytes, bytes.Length);
        return length < 0 ? Answer(length) : Encoding.UTF8.GetString(bytes, 0, length);
    }

    // struct statx: 256 bytes, stx_nlink at 16, stx_ino at 32.
    private static (uint Links, ulong Inode) Statx(string path, int flags)
    {
        var stat = new byte[256];
        return Statx(AtCwd, path, flags, 0xFFF, stat) == 0 ? (BitConverter.ToUInt32(stat, 16), BitConverter.ToUInt64(stat, 32)) : default;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFrom(int file, byte[] bytes, nint count);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, byte[] bytes, nint length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int at, string path, int flags, uint mask, byte[] stat);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetMode(string path, int mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectory(string path, int mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveDirectory(string path);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeLink(string target, string path);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkTo(string path, string other);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int at, string path, int otherAt, string other, uint flags);
}

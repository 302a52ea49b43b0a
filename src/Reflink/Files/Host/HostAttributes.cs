using System.Runtime.InteropServices;
using System.Text;

namespace Reflink.Files.Host;

/// <summary>Extended attributes, links and times of the host's files by path; symbolic links are not followed.</summary>
internal static partial class HostAttributes
{
    private const int Largest = 65_536;

    // What a volume has no place for, such as access control lists, is left behind.
    private static readonly string[] s_namespaces = ["user.", "trusted.", "security."];

    /// <summary>The attributes that a volume can hold, in ordinal order; none where the filesystem has none.</summary>
    public static IReadOnlyList<(string Name, byte[] Value)> Of(string path)
    {
        var names = new byte[Largest];
        var length = (int)List(path, names, names.Length);
        List<(string Name, byte[] Value)> found = [];
        foreach (var name in Encoding.UTF8.GetString(names, 0, Math.Max(0, length)).Split('\0', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))
        {
            var value = new byte[Largest];
            var size = (int)Get(path, name, value, value.Length);
            if (size >= 0 && Array.Exists(s_namespaces, n => name.StartsWith(n, StringComparison.Ordinal)))
            {
                found.Add((name, value[..size]));
            }
        }

        return found;
    }

    /// <summary>Sets an attribute; whether that was allowed and the filesystem has attributes.</summary>
    public static bool TrySet(string path, string name, ReadOnlySpan<byte> value) => Set(path, name, value, value.Length, 0) == 0;

    /// <summary>Gives a file another name.</summary>
    /// <exception cref="ReflinkException">EEXIST or EIO: what the kernel says.</exception>
    public static void Link(string existing, string path)
    {
        if (MakeLink(existing, path) != 0)
        {
            var number = Marshal.GetLastPInvokeError();
            throw new ReflinkException(
                Enum.IsDefined((Errno)number) ? (Errno)number : Errno.EIO, $"the host's '{path}' cannot be made a name of '{existing}': {Marshal.GetPInvokeErrorMessage(number)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint List(string path, Span<byte> names, nint length);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(string path, string name, Span<byte> value, nint length);

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string path, string name, ReadOnlySpan<byte> value, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeLink(string existing, string path);
}

using System.Runtime.InteropServices;
using Reflink.Units;

namespace Reflink.Elf;

/// <summary>A large real binary that is surely there: the .NET runtime that runs this program.</summary>
public static class DefaultBinary
{
    private const string FileName = "libcoreclr.so";

    /// <summary>The path of the running runtime's <c>libcoreclr.so</c>.</summary>
    /// <exception cref="ReflinkException">ENOENT: this program runs on something else.</exception>
    public static string Find()
    {
        var path = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), FileName);
        return File.Exists(path)
            ? path
            : throw new ReflinkException(Errno.ENOENT, $"the running .NET has no '{path}'; name an ELF file to take the sites from");
    }
}

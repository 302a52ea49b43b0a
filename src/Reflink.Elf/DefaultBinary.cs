using System.Runtime.InteropServices;
using Reflink.Units;

namespace Reflink.Elf;

/// <summary>A large real binary that is surely there: the .NET runtime that runs this program.</summary>
public static class DefaultBinary
{
    private const string FileName = "libcoreclr.so";
    private const string CoreLibrary = "System.Private.CoreLib.dll";

    /// <summary>The path of the running runtime's <c>libcoreclr.so</c>, or of this program, if it is one file that holds the runtime.</summary>
    /// <exception cref="ReflinkException">ENOENT: this program runs on something else.</exception>
    public static string Find()
    {
        var folder = RuntimeEnvironment.GetRuntimeDirectory();
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            return path;
        }

        // Only in a program that is one file are the runtime's assemblies no files.
        return !File.Exists(Path.Combine(folder, CoreLibrary)) && Environment.ProcessPath is { } program
            ? program
            : throw new ReflinkException(Errno.ENOENT, $"the running .NET has no '{path}'; name an ELF file to take the sites from");
    }
}

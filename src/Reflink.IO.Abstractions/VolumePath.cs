using System.Globalization;
using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <summary>Paths by the rules of Unix, with a current directory of their own. What is about text alone is System.IO's.</summary>
internal sealed partial class VolumePath(IFileSystem fileSystem, VolumeCalls calls, string current) : IPath
{
    private const string Temporary = "/tmp/";

    // Names of temporary files are in turn, so that programs do the same in every run.
    private int _lastTemporary;

    /// <inheritdoc/>
    public IFileSystem FileSystem => fileSystem;

    /// <summary>Where relative paths begin.</summary>
    public string Current { get; set; } = current;

    /// <inheritdoc/>
    public bool Exists(string? path)
    {
        try
        {
            return path is { Length: > 0 } && !path.Contains('\0', StringComparison.Ordinal) && GetFullPath(path) is var full
                && (full.EndsWith('/') ? calls.DirectoryExists(full) : calls.Find(full) is not null);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public string GetFullPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetFullPath(path, Current);
    }

    /// <summary>The absolute path with all its dots and slashes: where a symbolic link is made or read, System.IO leaves them to the kernel.</summary>
    public string GetRawPath(string path)
    {
        _ = GetFullPath(path);
        return Path.Combine(Current, path);
    }

    /// <inheritdoc/>
    public string GetFullPath(string path, string basePath) => Path.GetFullPath(path, basePath);

    /// <inheritdoc/>
    public string GetRelativePath(string relativeTo, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(relativeTo);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetRelativePath(GetFullPath(relativeTo), GetFullPath(path));
    }

    /// <inheritdoc/>
    /// <remarks>The directory is made when a program asks for it, since every Linux has one and an empty volume has not.</remarks>
    public string GetTempPath()
    {
        if (!calls.DirectoryExists(Temporary))
        {
            calls.CreateDirectory(Temporary);
        }

        return Temporary;
    }

    /// <inheritdoc/>
    public string GetTempFileName()
    {
        var path = NewTemporary("tmp", ".tmp");
        calls.Open(path, new(path, FileMode.CreateNew, FileAccess.ReadWrite, Permissions: FileModes.Private)).Dispose();
        return path;
    }

    /// <summary>A path for a temporary file or directory that is not there yet; the directory that it is in is made if need be.</summary>
    public string NewTemporary(string prefix, string suffix)
    {
        var directory = GetTempPath();
        string path;
        do
        {
            path = string.Create(CultureInfo.InvariantCulture, $"{directory}{prefix}{++_lastTemporary:d6}{suffix}");
        }
        while (calls.Find(path) is not null);

        return path;
    }
}

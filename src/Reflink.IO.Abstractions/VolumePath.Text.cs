using System.Diagnostics.CodeAnalysis;

namespace Reflink.IO.Abstractions;

/// <content>What is about text alone.</content>
internal sealed partial class VolumePath
{
    /// <inheritdoc/>
    public char AltDirectorySeparatorChar => Path.AltDirectorySeparatorChar;

    /// <inheritdoc/>
    public char DirectorySeparatorChar => Path.DirectorySeparatorChar;

    /// <inheritdoc/>
    public char PathSeparator => Path.PathSeparator;

    /// <inheritdoc/>
    public char VolumeSeparatorChar => Path.VolumeSeparatorChar;

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(path))]
    public string? ChangeExtension(string? path, string? extension) => Path.ChangeExtension(path, extension);

    /// <inheritdoc/>
    public string Combine(string path1, string path2) => Path.Combine(path1, path2);

    /// <inheritdoc/>
    public string Combine(string path1, string path2, string path3) => Path.Combine(path1, path2, path3);

    /// <inheritdoc/>
    public string Combine(string path1, string path2, string path3, string path4) => Path.Combine(path1, path2, path3, path4);

    /// <inheritdoc/>
    public string Combine(params string[] paths) => Path.Combine(paths);

    /// <inheritdoc/>
    public string Combine(params ReadOnlySpan<string> paths) => Path.Combine(paths);

    /// <inheritdoc/>
    public bool EndsInDirectorySeparator(ReadOnlySpan<char> path) => Path.EndsInDirectorySeparator(path);

    /// <inheritdoc/>
    public bool EndsInDirectorySeparator(string path) => Path.EndsInDirectorySeparator(path);

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetDirectoryName(ReadOnlySpan<char> path) => Path.GetDirectoryName(path);

    /// <inheritdoc/>
    public string? GetDirectoryName(string? path) => Path.GetDirectoryName(path);

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetExtension(ReadOnlySpan<char> path) => Path.GetExtension(path);

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(path))]
    public string? GetExtension(string? path) => Path.GetExtension(path);

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetFileName(ReadOnlySpan<char> path) => Path.GetFileName(path);

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(path))]
    public string? GetFileName(string? path) => Path.GetFileName(path);

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetFileNameWithoutExtension(ReadOnlySpan<char> path) => Path.GetFileNameWithoutExtension(path);

    /// <inheritdoc/>
    [return: NotNullIfNotNull(nameof(path))]
    public string? GetFileNameWithoutExtension(string? path) => Path.GetFileNameWithoutExtension(path);

    /// <inheritdoc/>
    public char[] GetInvalidFileNameChars() => Path.GetInvalidFileNameChars();

    /// <inheritdoc/>
    public char[] GetInvalidPathChars() => Path.GetInvalidPathChars();

    /// <inheritdoc/>
    public ReadOnlySpan<char> GetPathRoot(ReadOnlySpan<char> path) => Path.GetPathRoot(path);

    /// <inheritdoc/>
    public string? GetPathRoot(string? path) => Path.GetPathRoot(path);

    /// <inheritdoc/>
    public string GetRandomFileName() => Path.GetRandomFileName();

    /// <inheritdoc/>
    public bool HasExtension(ReadOnlySpan<char> path) => Path.HasExtension(path);

    /// <inheritdoc/>
    public bool HasExtension([NotNullWhen(true)] string? path) => Path.HasExtension(path);

    /// <inheritdoc/>
    public bool IsPathFullyQualified(ReadOnlySpan<char> path) => Path.IsPathFullyQualified(path);

    /// <inheritdoc/>
    public bool IsPathFullyQualified(string path) => Path.IsPathFullyQualified(path);

    /// <inheritdoc/>
    public bool IsPathRooted(ReadOnlySpan<char> path) => Path.IsPathRooted(path);

    /// <inheritdoc/>
    public bool IsPathRooted([NotNullWhen(true)] string? path) => Path.IsPathRooted(path);

    /// <inheritdoc/>
    public string Join(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2) => Path.Join(path1, path2);

    /// <inheritdoc/>
    public string Join(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, ReadOnlySpan<char> path3) => Path.Join(path1, path2, path3);

    /// <inheritdoc/>
    public string Join(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, ReadOnlySpan<char> path3, ReadOnlySpan<char> path4) => Path.Join(path1, path2, path3, path4);

    /// <inheritdoc/>
    public string Join(string? path1, string? path2) => Path.Join(path1, path2);

    /// <inheritdoc/>
    public string Join(string? path1, string? path2, string? path3) => Path.Join(path1, path2, path3);

    /// <inheritdoc/>
    public string Join(string? path1, string? path2, string? path3, string? path4) => Path.Join(path1, path2, path3, path4);

    /// <inheritdoc/>
    public string Join(params string?[] paths) => Path.Join(paths);

    /// <inheritdoc/>
    public string Join(params ReadOnlySpan<string?> paths) => Path.Join(paths);

    /// <inheritdoc/>
    public ReadOnlySpan<char> TrimEndingDirectorySeparator(ReadOnlySpan<char> path) => Path.TrimEndingDirectorySeparator(path);

    /// <inheritdoc/>
    public string TrimEndingDirectorySeparator(string path) => Path.TrimEndingDirectorySeparator(path);

    /// <inheritdoc/>
    public bool TryJoin(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, Span<char> destination, out int charsWritten) =>
        Path.TryJoin(path1, path2, destination, out charsWritten);

    /// <inheritdoc/>
    public bool TryJoin(ReadOnlySpan<char> path1, ReadOnlySpan<char> path2, ReadOnlySpan<char> path3, Span<char> destination, out int charsWritten) =>
        Path.TryJoin(path1, path2, path3, destination, out charsWritten);
}

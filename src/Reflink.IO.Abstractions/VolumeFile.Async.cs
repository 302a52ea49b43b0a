using System.Text;
using Reflink.IO.Abstractions.Calls;

namespace Reflink.IO.Abstractions;

/// <content>Asynchronous methods, which have ended when they return.</content>
internal sealed partial class VolumeFile
{
    /// <inheritdoc/>
    public Task AppendAllBytesAsync(string path, byte[] bytes, CancellationToken cancellationToken = default) =>
        Done.Run(() => AppendAllBytes(path, bytes), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAllBytesAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        Done.Run(() => AppendAllBytes(path, bytes.Span), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllBytesAsync(string path, byte[] bytes, CancellationToken cancellationToken = default) =>
        Done.Run(() => WriteAllBytes(path, bytes), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllBytesAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        Done.Run(() => WriteAllBytes(path, bytes.Span), cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]> ReadAllBytesAsync(string path, CancellationToken cancellationToken = default) =>
        Done.Run(() => ReadAllBytes(path), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAllLinesAsync(string path, IEnumerable<string> contents, CancellationToken cancellationToken = default) =>
        Done.Run(() => AppendAllLines(path, contents), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAllLinesAsync(string path, IEnumerable<string> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Done.Run(() => AppendAllLines(path, contents, encoding), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllLinesAsync(string path, IEnumerable<string> contents, CancellationToken cancellationToken = default) =>
        Done.Run(() => WriteAllLines(path, contents), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllLinesAsync(string path, IEnumerable<string> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Done.Run(() => WriteAllLines(path, contents, encoding), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAllTextAsync(string path, string? contents, CancellationToken cancellationToken = default) =>
        Done.Run(() => AppendAllText(path, contents), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAllTextAsync(string path, string? contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Done.Run(() => AppendAllText(path, contents, encoding), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAllTextAsync(string path, ReadOnlyMemory<char> contents, CancellationToken cancellationToken = default) =>
        Done.Run(() => AppendAllText(path, contents.Span), cancellationToken);

    /// <inheritdoc/>
    public Task AppendAllTextAsync(string path, ReadOnlyMemory<char> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Done.Run(() => AppendAllText(path, contents.Span, encoding), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllTextAsync(string path, string? contents, CancellationToken cancellationToken = default) =>
        Done.Run(() => WriteAllText(path, contents), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllTextAsync(string path, string? contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Done.Run(() => WriteAllText(path, contents, encoding), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllTextAsync(string path, ReadOnlyMemory<char> contents, CancellationToken cancellationToken = default) =>
        Done.Run(() => WriteAllText(path, contents.Span), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllTextAsync(string path, ReadOnlyMemory<char> contents, Encoding encoding, CancellationToken cancellationToken = default) =>
        Done.Run(() => WriteAllText(path, contents.Span, encoding), cancellationToken);

    /// <inheritdoc/>
    public Task<string[]> ReadAllLinesAsync(string path, CancellationToken cancellationToken = default) =>
        Done.Run(() => ReadAllLines(path), cancellationToken);

    /// <inheritdoc/>
    public Task<string[]> ReadAllLinesAsync(string path, Encoding encoding, CancellationToken cancellationToken = default) =>
        Done.Run(() => ReadAllLines(path, encoding), cancellationToken);

    /// <inheritdoc/>
    public Task<string> ReadAllTextAsync(string path, CancellationToken cancellationToken = default) =>
        Done.Run(() => ReadAllText(path), cancellationToken);

    /// <inheritdoc/>
    public Task<string> ReadAllTextAsync(string path, Encoding encoding, CancellationToken cancellationToken = default) =>
        Done.Run(() => ReadAllText(path, encoding), cancellationToken);
}

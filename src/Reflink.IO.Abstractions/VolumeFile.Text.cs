using System.Runtime.CompilerServices;
using System.Text;

namespace Reflink.IO.Abstractions;

/// <content>Text: UTF-8 without a mark where no encoding is given, and a mark decides what is read.</content>
internal sealed partial class VolumeFile
{
    private static readonly UTF8Encoding s_text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public StreamReader OpenText(string path) => Reader(path, Encoding.UTF8);

    /// <inheritdoc/>
    public StreamWriter CreateText(string path) => Writer(path, FileMode.Create, s_text);

    /// <inheritdoc/>
    public StreamWriter AppendText(string path) => Writer(path, FileMode.Append, s_text);

    /// <inheritdoc/>
    public string ReadAllText(string path) => ReadAllText(path, Encoding.UTF8);

    /// <inheritdoc/>
    public string ReadAllText(string path, Encoding encoding)
    {
        using var reader = Reader(path, encoding);
        return reader.ReadToEnd();
    }

    /// <inheritdoc/>
    public string[] ReadAllLines(string path) => [.. ReadLines(path)];

    /// <inheritdoc/>
    public string[] ReadAllLines(string path, Encoding encoding) => [.. ReadLines(path, encoding)];

    /// <inheritdoc/>
    public IEnumerable<string> ReadLines(string path) => ReadLines(path, Encoding.UTF8);

    /// <inheritdoc/>
    public IEnumerable<string> ReadLines(string path, Encoding encoding) => Lines(Reader(path, encoding));

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ReadLinesAsync(string path, CancellationToken cancellationToken = default) => ReadLinesAsync(path, Encoding.UTF8, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ReadLinesAsync(string path, Encoding encoding, CancellationToken cancellationToken = default) =>
        LinesAsync(Reader(path, encoding), cancellationToken);

    /// <inheritdoc/>
    public void WriteAllText(string path, string? contents) => WriteAllText(path, contents, s_text);

    /// <inheritdoc/>
    public void WriteAllText(string path, string? contents, Encoding encoding) => WriteText(path, FileMode.Create, contents, encoding);

    /// <inheritdoc/>
    public void WriteAllText(string path, ReadOnlySpan<char> contents) => WriteAllText(path, contents, s_text);

    /// <inheritdoc/>
    public void WriteAllText(string path, ReadOnlySpan<char> contents, Encoding encoding) => WriteText(path, FileMode.Create, contents, encoding);

    /// <inheritdoc/>
    public void WriteAllLines(string path, string[] contents) => WriteAllLines(path, contents, s_text);

    /// <inheritdoc/>
    public void WriteAllLines(string path, IEnumerable<string> contents) => WriteAllLines(path, contents, s_text);

    /// <inheritdoc/>
    public void WriteAllLines(string path, string[] contents, Encoding encoding) => WriteLines(path, FileMode.Create, contents, encoding);

    /// <inheritdoc/>
    public void WriteAllLines(string path, IEnumerable<string> contents, Encoding encoding) => WriteLines(path, FileMode.Create, contents, encoding);

    /// <inheritdoc/>
    public void AppendAllText(string path, string? contents) => AppendAllText(path, contents, s_text);

    /// <inheritdoc/>
    public void AppendAllText(string path, string? contents, Encoding encoding) => WriteText(path, FileMode.Append, contents, encoding);

    /// <inheritdoc/>
    public void AppendAllText(string path, ReadOnlySpan<char> contents) => AppendAllText(path, contents, s_text);

    /// <inheritdoc/>
    public void AppendAllText(string path, ReadOnlySpan<char> contents, Encoding encoding) => WriteText(path, FileMode.Append, contents, encoding);

    /// <inheritdoc/>
    public void AppendAllLines(string path, IEnumerable<string> contents) => AppendAllLines(path, contents, s_text);

    /// <inheritdoc/>
    public void AppendAllLines(string path, IEnumerable<string> contents, Encoding encoding) => WriteLines(path, FileMode.Append, contents, encoding);

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        using (reader)
        {
            while (reader.ReadLine() is { } line)
            {
                yield return line;
            }
        }
    }

    private static async IAsyncEnumerable<string> LinesAsync(StreamReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (reader)
        {
            while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                yield return line;
            }
        }
    }

    private StreamReader Reader(string path, Encoding encoding)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(encoding);
        return new(Stream(path, FileMode.Open, FileAccess.Read), encoding, detectEncodingFromByteOrderMarks: true);
    }

    private StreamWriter Writer(string path, FileMode mode, Encoding encoding)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(encoding);
        return new(Stream(path, mode, FileAccess.Write), encoding);
    }

    private FileSystemStream Stream(string path, FileMode mode, FileAccess access) => fileSystem.FileStream.New(path, mode, access, FileShare.Read);

    private void WriteText(string path, FileMode mode, ReadOnlySpan<char> contents, Encoding encoding)
    {
        using var writer = Writer(path, mode, encoding);
        writer.Write(contents);
    }

    private void WriteLines(string path, FileMode mode, IEnumerable<string> contents, Encoding encoding)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentNullException.ThrowIfNull(contents);
        using var writer = Writer(path, mode, encoding);
        foreach (var line in contents)
        {
            writer.WriteLine(line);
        }
    }
}

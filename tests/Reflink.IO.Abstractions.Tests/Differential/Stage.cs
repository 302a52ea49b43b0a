using System.Collections;
using System.Globalization;
using System.Text;

namespace Reflink.IO.Abstractions.Tests.Differential;

/// <summary>A filesystem with what a program has open in it.</summary>
internal sealed class Stage(IFileSystem fileSystem, string root) : IDisposable
{
    /// <summary>What stands for the empty string, so that a program can be printed.</summary>
    public const string Nothing = "<nothing>";

    public IFileSystem Fs => fileSystem;

    public FileSystemStream?[] Streams { get; } = new FileSystemStream?[3];

    public IFileInfo?[] Files { get; } = new IFileInfo?[2];

    public IDirectoryInfo?[] Directories { get; } = new IDirectoryInfo?[2];

    /// <summary>The message of the last failure.</summary>
    public string Message { get; private set; } = "";

    /// <summary>The full path of what a step names.</summary>
    public string At(string path) => path == Nothing ? "" : path.Length == 0 ? root : $"{root}/{path}";

    /// <summary>Does a step, and says what came of it, in words that are the same for every filesystem.</summary>
    public string Play(Step step)
    {
        try
        {
            return Tell(step.Verb.Do(this, step));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Message = e.Message;
            return $"!{e.GetType().Name}";
        }
    }

    /// <summary>All that is there.</summary>
    public string Tree()
    {
        var text = new StringBuilder();
        if (fileSystem.Directory.Exists(root))
        {
            Tree(root, text);
        }

        return text.ToString();
    }

    public void Dispose()
    {
        for (var n = 0; n < Streams.Length; n++)
        {
            Streams[n]?.Dispose();
            Streams[n] = null;
        }
    }

    /// <summary>A date, if a program set it; all others are when the program ran.</summary>
    public static string Date(DateTime date) => date.ToUniversalTime() is var utc && utc.Year < 2024
        ? utc.ToString("O", CultureInfo.InvariantCulture)
        : "now";

    private void Tree(string directory, StringBuilder text)
    {
        foreach (var path in fileSystem.Directory.GetFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            var info = fileSystem.FileInfo.New(path);
            var isLink = info.LinkTarget is not null;
            var isDirectory = fileSystem.Directory.Exists(path) && !isLink;
            text.Append(CultureInfo.InvariantCulture, $"{path[root.Length..]} {(isLink ? $"-> {Bare(info.LinkTarget!)}" : Convert.ToString((int)fileSystem.File.GetUnixFileMode(path), 8))} {info.Attributes}");
            text.Append(CultureInfo.InvariantCulture, $" {(isLink ? "" : Date(info.LastWriteTimeUtc))}");
            if (isDirectory)
            {
                text.Append('\n');
                Tree(path, text);
            }
            else
            {
                text.Append(isLink ? "\n" : $" {Tell(fileSystem.File.ReadAllBytes(path))}\n");
            }
        }
    }

    private string Tell(object? result) => result switch
    {
        null => "",
        string text => $"\"{Bare(text)}\"",
        byte[] bytes => $"{bytes.Length} bytes {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..8]}",
        DateTime date => Date(date),
        ValueTuple<DateTime, DateTime> dates => $"{Date(dates.Item1)} {Date(dates.Item2)}",
        IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Select(Tell).Order(StringComparer.Ordinal))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => result.ToString()!,
    };

    private string Bare(string text) => text.Replace(root, "", StringComparison.Ordinal).Replace(Path.GetDirectoryName(root)!, "^", StringComparison.Ordinal);
}

using System.Text;
using Reflink.Units;

namespace Reflink.Cli;

/// <summary>Text in files of this computer.</summary>
internal static class HostText
{
    /// <summary>Opens a file; what goes wrong becomes a failure that says what is.</summary>
    public static T Open<T>(string path, Func<T> open, string remedy)
    {
        try
        {
            return open();
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReflinkException(Errno.ENOENT, $"'{path}' {remedy}", cause);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new ReflinkException(Directory.Exists(path) ? Errno.EISDIR : Errno.EACCES, $"'{path}' {remedy}", cause);
        }
    }

    /// <summary>Reads all of it. Binaries and devices are easily named by mistake; none of them is read to its end, nor printed.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="path">What it is called.</param>
    /// <param name="most">The most characters that make sense.</param>
    /// <param name="what">What is expected in it.</param>
    /// <param name="remedy">What to do if it is no text.</param>
    public static string Read(TextReader reader, string path, int most, string what, string remedy)
    {
        var (text, block) = (new StringBuilder(), new char[1 << 16]);
        while (reader.ReadBlock(block) is > 0 and var count)
        {
            text.Append(block, 0, count);
            if (block.AsSpan(0, count).Contains('\0'))
            {
                throw new ReflinkException(Errno.EINVAL, $"'{path}' is no text, so it holds no {what}; {remedy}");
            }

            if (text.Length > most)
            {
                throw new ReflinkException(Errno.EFBIG, $"'{path}' has more than {most} characters; make a smaller {what}");
            }
        }

        return text.ToString();
    }
}

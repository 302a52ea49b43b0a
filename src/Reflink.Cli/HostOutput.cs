using System.CommandLine;
using Reflink.Units;

namespace Reflink.Cli;

/// <summary>Files of this computer that a command writes.</summary>
internal static class HostOutput
{
    /// <summary>Checks that the files that a command line names can be written where they are to be, before anything is done for them.</summary>
    public static void Require(ParseResult line)
    {
        foreach (var option in line.CommandResult.Command.Options.OfType<TargetOption>())
        {
            if (line.GetValue(option) is { } path and not OptionKinds.Standard)
            {
                Require(path);
            }
        }
    }

    /// <summary>Checks that there is a folder for a file.</summary>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' is a directory; name a file in it");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw new ReflinkException(Errno.ENOENT, $"there is no folder '{folder}' for the file '{path}'; make it, or name another");
        }
    }

    /// <summary>Writes to a file, or to standard output if none is named.</summary>
    public static void WriteTo(string? path, ReadOnlyMemory<byte> bytes)
    {
        if (path is null or OptionKinds.Standard)
        {
            using var output = Console.OpenStandardOutput();
            output.Write(bytes.Span);
        }
        else
        {
            Write(path, stream => stream.Write(bytes.Span));
        }
    }

    /// <summary>
    /// Writes a file. It is replaced when all of it is written, and not before; a link leads to what is replaced. Pipes and
    /// devices are written to.
    /// </summary>
    public static void Write(string path, Action<Stream> fill)
    {
        Require(path);
        var target = Target(path);

        // A device or a pipe has no length. Nothing is lost by writing to an empty file as it is.
        if (target is { Exists: true, Length: 0 } or { LinkTarget: not null })
        {
            Fill(path, path, fill);
            return;
        }

        var unfinished = $"{target.FullName}.{Environment.ProcessId}.tmp";
        try
        {
            Fill(unfinished, path, fill);
            if (target.Exists && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(unfinished, target.UnixFileMode);
            }

            File.Move(unfinished, target.FullName, overwrite: true);
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    private static void Fill(string file, string path, Action<Stream> fill)
    {
        using var stream = HostText.Open(
            path, () => new FileStream(file, FileMode.Create, FileAccess.Write), "cannot be written; name a file, in a directory where you may write");
        fill(stream);
    }

    // What a link leads to, or the link, if that is not there yet or has no name, as pipes in /dev/fd.
    private static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } end ? end : file;
    }
}

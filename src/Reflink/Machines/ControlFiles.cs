namespace Reflink.Machines;

/// <summary>
/// The machine's control files by their kernel paths, so that scripts and documentation carry over:
/// <c>machine.Control["/sys/kernel/mm/ksm/run"] = "1"</c>.
/// </summary>
public sealed class ControlFiles
{
    private readonly Func<IEnumerable<ControlFile>> _files;

    internal ControlFiles(Func<IEnumerable<ControlFile>> files) => _files = files;

    /// <summary>Every control file there is just now, by path.</summary>
    public IEnumerable<ControlFile> All => _files().OrderBy(f => f.Path, StringComparer.Ordinal);

    /// <summary>Reads or writes a control file.</summary>
    /// <exception cref="ReflinkException">ENOENT: there is none; EACCES: it may only be read, or only be written; whatever the file itself refuses.</exception>
    public string this[string path]
    {
        get => (Find(path).Read ?? throw new ReflinkException(Errno.EACCES, $"{path} may only be written"))();
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            (Find(path).Write ?? throw new ReflinkException(Errno.EACCES, $"{path} may only be read"))(value.Trim());
        }
    }

    private ControlFile Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return _files().FirstOrDefault(f => f.Path == path) ?? throw new ReflinkException(Errno.ENOENT, $"there is no control file {path}");
    }
}

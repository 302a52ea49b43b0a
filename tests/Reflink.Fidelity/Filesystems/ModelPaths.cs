using Reflink.Files;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Fidelity.Filesystems;

/// <summary>The model's volume, called by path.</summary>
public sealed class ModelPaths : IPathDriver
{
    private Machine _machine = new();

    /// <inheritdoc/>
    public string Do(in PathCall call)
    {
        var (volume, path, other) = (_machine.Volume, call.Path, call.Other);
        try
        {
            switch (call.Verb)
            {
                case PathVerb.Read: volume.Open(path).Dispose(); return "";
                case PathVerb.Write: volume.Open(path, OpenFlags.Write).Dispose(); return "";
                case PathVerb.Create: volume.Open(path, OpenFlags.ReadWrite | OpenFlags.Create).Dispose(); return "";
                case PathVerb.CreateNew: volume.Create(path).Dispose(); return "";
                case PathVerb.List: _ = volume.List(path); return "";
                case PathVerb.Stat: return NameOf(volume.Stat(path).Inode);
                case PathVerb.StatLink: return NameOf(volume.StatLink(path).Inode);
                case PathVerb.ReadLink: return volume.ReadLink(path);
                case PathVerb.SetMode: volume.SetMode(path, FileModes.Program); return "";
                case PathVerb.MakeDirectory: volume.MakeDirectory(path); return "";
                case PathVerb.RemoveDirectory: volume.RemoveDirectory(path); return "";
                case PathVerb.Unlink: volume.Unlink(path); return "";
                case PathVerb.MakeLink: volume.MakeSymbolicLink(other, path); return "";
                case PathVerb.Link: volume.Link(path, other); return "";
                case PathVerb.Rename: volume.Rename(path, other); return "";
                case PathVerb.RenameNoReplace: volume.Rename(path, other, RenameFlags.NoReplace); return "";
                default: volume.Rename(path, other, RenameFlags.Exchange); return "";
            }
        }
        catch (ReflinkException e)
        {
            return e.Error.ToString();
        }
    }

    /// <inheritdoc/>
    public string List() => string.Join(' ', Names("/").Select(n =>
    {
        var stat = _machine.Volume.StatLink(n.Path);
        return stat.Type == InodeType.SymbolicLink ? $"{n.Path}->{_machine.Volume.ReadLink(n.Path)}" : $"{n.Path}:{(stat.Type == InodeType.Directory ? "d" : "f")}{stat.Links}";
    }).Order(StringComparer.Ordinal));

    /// <inheritdoc/>
    public void Reset()
    {
        Dispose();
        _machine = new Machine();
        foreach (var call in PathCall.Tree)
        {
            _ = Do(call);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _machine.Dispose();

    private string NameOf(InodeNumber inode) => Names("/").Where(n => n.Inode == inode).Select(n => n.Path).Order(StringComparer.Ordinal).FirstOrDefault("/");

    private IEnumerable<(string Path, InodeNumber Inode)> Names(string directory)
    {
        foreach (var (name, inode) in _machine.Volume.List(directory))
        {
            var path = $"{directory.TrimEnd('/')}/{name}";
            yield return (path, inode);
            if (_machine.Volume.StatLink(path).Type == InodeType.Directory)
            {
                foreach (var below in Names(path))
                {
                    yield return below;
                }
            }
        }
    }
}
